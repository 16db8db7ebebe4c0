/** The names of the tools that a relay can add to those of its server. */
export type OwnToolName = 'mcpdbg_restart' | 'mcpdbg_last_errors' | 'mcpdbg_stats';

/** The first versions of MCP in which a tool can have these. */
const ANNOTATIONS_SINCE = '2025-03-26';
const OUTPUT_SINCE = '2025-06-18';

/** Entries of `mcpdbg_last_errors`: unless another number is asked for, and at most. */
export const ERRORS_SHOWN = 10;
export const MAX_ERRORS_SHOWN = 100;
/** Characters of a reason for a restart. */
export const MAX_REASON = 200;

interface OwnTool {
  readonly title: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly outputSchema: object;
  readonly annotations: object;
}

const text = { type: 'string' };
const whole = { type: 'integer', minimum: 0 };
const wholeOrNull = { type: ['integer', 'null'] };
const textOrNull = { type: ['string', 'null'] };

const OWN_TOOLS: { readonly [name in OwnToolName]: OwnTool } = {
  mcpdbg_restart: {
    title: 'Restart this MCP server',
    description:
      "Restarts this MCP server's process, for example after you changed its code, and answers when the new process can be used. " +
      'The connection stays open; you need not reconnect. Calls under way get up to 5 s to finish. ' +
      'If the new process does not come up, the result says why; mcpdbg_last_errors has its last words.',
    inputSchema: {
      type: 'object',
      properties: { reason: { ...text, maxLength: MAX_REASON, description: 'Why, in a few words; it is recorded.' } },
      additionalProperties: false,
    },
    outputSchema: {
      type: 'object',
      properties: {
        restarted: { type: 'boolean', description: 'Whether a new process can be used now.' },
        oldPid: wholeOrNull,
        newPid: wholeOrNull,
        ms: { ...whole, description: 'How long it took, in milliseconds.' },
        why: { ...textOrNull, description: 'Why it was not restarted.' },
      },
      required: ['restarted', 'oldPid', 'newPid', 'ms', 'why'],
    },
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  },
  mcpdbg_last_errors: {
    title: 'Recent errors of this MCP server',
    description:
      'What went wrong with this MCP server lately, newest first: crashes (exit code, last lines of stderr, what was in flight), ' +
      'requests that a restart cut off or that no process was there for, JSON-RPC errors, failed tool calls, and lines on stdout that are no MCP messages. Works while the server is down.',
    inputSchema: {
      type: 'object',
      properties: {
        limit: {
          type: 'integer',
          minimum: 1,
          maximum: MAX_ERRORS_SHOWN,
          description: `How many at most; ${ERRORS_SHOWN} unless given.`,
        },
      },
      additionalProperties: false,
    },
    outputSchema: {
      type: 'object',
      properties: {
        errors: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              kind: { enum: ['crash', 'lost', 'rpc-error', 'tool-error', 'noise'] },
              at: { ...text, description: 'When, in ISO 8601.' },
              agoMs: whole,
              message: text,
              method: text,
              tool: text,
              code: { type: 'integer', description: "The JSON-RPC error's code." },
              pid: whole,
              exitCode: wholeOrNull,
              signal: textOrNull,
              uptimeMs: whole,
              stderr: { type: 'array', items: text, description: 'The last lines before the crash.' },
              inFlight: { type: 'array', items: text, description: 'The methods that waited for an answer.' },
            },
            required: ['kind', 'at', 'agoMs', 'message'],
          },
        },
        total: { ...whole, description: 'How many there were in all, forgotten ones included.' },
      },
      required: ['errors', 'total'],
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  mcpdbg_stats: {
    title: 'Statistics of this MCP server',
    description:
      'Counts and times of this MCP server since its client connected: process, uptime, restarts and crashes, calls and latencies of each tool, ' +
      'and the path of the capture that holds every frame (read it with mcp-dbg log, show, lint). Works while the server is down.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    outputSchema: {
      type: 'object',
      properties: {
        connectedMs: { ...whole, description: 'How long the client has been connected, in milliseconds.' },
        server: {
          type: 'object',
          properties: {
            pid: wholeOrNull,
            uptimeMs: wholeOrNull,
            starts: whole,
            crashes: whole,
            protocolVersion: textOrNull,
          },
          required: ['pid', 'uptimeMs', 'starts', 'crashes', 'protocolVersion'],
        },
        frames: {
          type: 'object',
          properties: { client: whole, server: whole },
          required: ['client', 'server'],
        },
        requests: {
          type: 'object',
          properties: { answered: whole, failed: whole, open: whole },
          required: ['answered', 'failed', 'open'],
        },
        noise: { ...whole, description: 'Lines on stdout that were no MCP messages.' },
        tools: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              tool: text,
              calls: whole,
              failed: whole,
              medianMs: { type: ['number', 'null'] },
              p95Ms: { type: ['number', 'null'] },
              maxMs: { type: ['number', 'null'] },
            },
            required: ['tool', 'calls', 'failed', 'medianMs', 'p95Ms', 'maxMs'],
          },
        },
        capture: textOrNull,
      },
      required: ['connectedMs', 'server', 'frames', 'requests', 'noise', 'tools', 'capture'],
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
};

export const OWN_TOOL_NAMES: readonly OwnToolName[] = Object.keys(OWN_TOOLS).filter(isOwnTool);

/** True for a name that one of our tools has. */
export function isOwnTool(name: string): name is OwnToolName {
  return Object.hasOwn(OWN_TOOLS, name);
}

/** One of our tools as a list of this version has it. The newest where the version is not known. */
export function listedTool(name: OwnToolName, version: string | undefined): object {
  const { title, description, inputSchema, outputSchema, annotations } = OWN_TOOLS[name];
  return {
    name,
    ...(hasOutputSchemas(version) && { title }),
    description,
    inputSchema,
    ...(hasOutputSchemas(version) && { outputSchema }),
    ...((version === undefined || version >= ANNOTATIONS_SINCE) && { annotations }),
  };
}

/** Whether tools of this version have output schemas, and results that keep to them. */
export function hasOutputSchemas(version: string | undefined): boolean {
  return version === undefined || version >= OUTPUT_SINCE;
}
