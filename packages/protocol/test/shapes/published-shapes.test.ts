import { METHODS, VERSIONS, type Version } from '@mcp-dbg/protocol';
import { errorDataShapeOf, paramsShapeOf, resultShapeOf } from '@mcp-dbg/protocol/lint';
import { describe, expect, it } from 'vitest';

import { inputRequired } from '../../src/shapes/input-required.ts';
import type { Slot } from '../../src/shapes/shape.ts';
import { slotOf } from '../../src/shapes/table.ts';
import { type Definitions, publishedDefinitions, schemasMissing } from '../published-schemas.ts';
import { linesOf } from './outline.ts';
import { schemaOutline } from './schema-outline.ts';
import { tableOutline } from './table-outline.ts';

/** Where our tables say more or less than the published schemas, on purpose. `+` is what ours alone say. */
const ON_PURPOSE: readonly { readonly why: string; readonly line: RegExp }[] = [
  {
    why: 'trace context has its names from the page basic/index of 2026-07-28',
    line: /^\+ .*\._meta\.(traceparent|tracestate|baggage)\?: /,
  },
  {
    why: 'the schema of 2025-11-25 defines the metadata of related tasks and uses it nowhere',
    line: /^\+ 2025-11-25 .*\._meta\.io\.modelcontextprotocol\/related-task(\?: object|\.taskId: string)$/,
  },
  {
    why: '$schema is a word of JSON Schema, and no sign of a later revision of MCP',
    line: /^\+ \S+ (tools\/list|elicitation\/create) .*Schema\.\$schema\?: string$/,
  },
  {
    why: 'a form has fields for any number, and the schema takes whole ones back',
    line: /^[+-] .*\.content\{\}: .*boolean \| (number \| string|string \| whole)$/,
  },
];

describe('the tables of shapes', () => {
  it.for(VERSIONS)('say of each method what the published schema of %s says', (version, context) => {
    if (schemasMissing !== undefined) context.skip(schemasMissing);
    expect(differences(version).filter((line) => !ON_PURPOSE.some((each) => each.line.test(line)))).toEqual([]);
  });

  it('differ from the published schemas on purpose where that is said, and nowhere else', (context) => {
    if (schemasMissing !== undefined) context.skip(schemasMissing);
    const all = VERSIONS.flatMap(differences);
    expect(ON_PURPOSE.filter((each) => !all.some((line) => each.line.test(line)))).toEqual([]);
  });
});

function differences(version: Version): readonly string[] {
  const all = publishedDefinitions(version);
  return [
    ...methodsOf(version).flatMap((method) => [
      ...compared(
        `${version} ${method} params`,
        ourLines(paramsShapeOf(method, version), version),
        paramsLines(method, version, all),
      ),
      ...compared(
        `${version} ${method} result`,
        ourLines(ordinary(resultShapeOf(method, version), version), version),
        resultLines(method, all),
      ),
    ]),
    ...compared(
      `${version} input-required`,
      version === '2026-07-28' ? ourLines(slotOf(inputRequired), version) : [],
      named('InputRequiredResult', all),
    ),
    ...compared(`${version} task-started`, ourLines(started(version), version), named('CreateTaskResult', all)),
    ...[-32042, -32021, -32022].flatMap((code) =>
      compared(
        `${version} error ${code}`,
        ourLines(errorDataShapeOf(code, version), version),
        errorDataLines(code, all),
      ),
    ),
  ];
}

function compared(what: string, ours: readonly string[], theirs: readonly string[]): readonly string[] {
  return [
    ...ours.filter((line) => !theirs.includes(line)).map((line) => `+ ${what} ${line}`),
    ...theirs.filter((line) => !ours.includes(line)).map((line) => `- ${what} ${line}`),
  ];
}

function methodsOf(version: Version): readonly string[] {
  const inForce = METHODS.filter((method) =>
    [method.client, method.server, method.embedded].some((versions) => versions.includes(version)),
  );
  return inForce.map(({ name }) => name);
}

function ourLines(slot: Slot | undefined, version: Version): readonly string[] {
  if (slot === undefined) return [];
  return linesOf(tableOutline(slot, version), '', slot.at.get(version)?.isRequired);
}

/** The result of a request that needs no input and was not made a task. */
function ordinary(slot: Slot | undefined, version: Version): Slot | undefined {
  const shape = slot?.at.get(version)?.shape;
  if (shape?.kind === 'holding' && shape.otherwise !== undefined) return shape.otherwise;
  return shape?.kind === 'choice' && shape.by === 'resultType' ? shape.cases.get('complete') : slot;
}

/** The result of a request that was made a task. */
function started(version: Version): Slot | undefined {
  const shape = resultShapeOf('tools/call', version)?.at.get(version)?.shape;
  return shape?.kind === 'holding' ? shape.cases.get('task') : undefined;
}

function paramsLines(method: string, version: Version, all: Definitions): readonly string[] {
  const { properties = {}, required = [] } = all[definitionName(method, all)] ?? {};
  const params = schemaOutline(properties['params'] ?? {}, all);
  // Legacy schemas do not repeat everywhere what all params share; modern requests in results share nothing.
  const shared = version < '2026-07-28' ? sharedMembers(method, all) : [];
  const whole = params.map((each) => ({ ...each, members: new Map([...shared, ...(each.members ?? [])]) }));
  return linesOf(whole, '', required.includes('params'));
}

function sharedMembers(method: string, all: Definitions) {
  const kind = method.startsWith('notifications/') ? 'Notification' : 'Request';
  const shared = all[`${kind}Params`] ?? all[kind]?.properties?.['params'] ?? {};
  return schemaOutline(shared, all).flatMap(({ members }) => [...(members ?? [])]);
}

function resultLines(method: string, all: Definitions): readonly string[] {
  if (method.startsWith('notifications/')) return [];
  const name = definitionName(method, all).replace(/Request$/, 'Result');
  return named(name in all ? name : 'EmptyResult', all);
}

function definitionName(method: string, all: Definitions): string {
  const found = Object.entries(all).find(([, { properties }]) => properties?.['method']?.const === method);
  return found?.[0] ?? '';
}

function named(name: string, all: Definitions): readonly string[] {
  return name in all ? linesOf(schemaOutline({ $ref: name }, all)) : [];
}

function errorDataLines(code: number, all: Definitions): readonly string[] {
  for (const { properties } of Object.values(all)) {
    const error = properties?.['error']?.allOf?.find((each) => each.properties?.['code']?.const === code);
    if (error?.properties?.['data'] !== undefined) return linesOf(schemaOutline(error.properties['data'], all));
  }
  return [];
}
