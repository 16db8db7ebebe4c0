import { modelContent, role, toolOutput } from './content.ts';
import { embeddedMeta, legacyMeta, ownMeta, requestMeta, resultMeta } from './envelope.ts';
import type { RequestShapes } from './method-shapes.ts';
import type { Shape, Slot } from './shape.ts';
import {
  anyObject,
  changing,
  choice,
  either,
  list,
  number,
  object,
  optional,
  since,
  text,
  whole,
  words,
} from './table.ts';
import { orTask, taskWish } from './tasks.ts';
import { tool } from './tool.ts';

const block: Shape = choice('type', {
  ...modelContent,
  tool_use: since('2025-11-25', object({ ...ownMeta, id: text, name: text, input: anyObject })),
  tool_result: since('2025-11-25', object({ ...ownMeta, ...toolOutput, toolUseId: text })),
});

const content: Slot = changing({ '2024-11-05': block, '2025-11-25': either(block, list(block)) });

const weight = optional(number(0, 1));

const modelPreferences: Shape = object({
  hints: optional(list(object({ name: optional(text) }))),
  costPriority: weight,
  speedPriority: weight,
  intelligencePriority: weight,
});

/** `sampling/createMessage` (spec 2026-07-28, client/sampling). */
export const sampling: RequestShapes = {
  params: object({
    ...legacyMeta(requestMeta),
    ...taskWish,
    messages: list(object({ role, content, _meta: since('2025-11-25', optional(anyObject)) })),
    maxTokens: whole(),
    systemPrompt: optional(text),
    temperature: optional(number()),
    stopSequences: optional(list(text)),
    includeContext: optional(words('none', 'thisServer', 'allServers')),
    modelPreferences: optional(modelPreferences),
    metadata: optional(anyObject),
    tools: since('2025-11-25', optional(list(tool))),
    toolChoice: since('2025-11-25', optional(object({ mode: optional(words('auto', 'none', 'required')) }))),
  }),
  result: orTask(object({ ...embeddedMeta(resultMeta()), role, content, model: text, stopReason: optional(text) })),
};
