import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the schemas that the specification publishes, one file per revision. It is no part of this repository. */
const folder = process.env['MCP_DBG_SCHEMAS'] ?? fileURLToPath(new URL('../../../../shared/schemas', import.meta.url));

/** Why nothing can be compared with the published schemas; undefined where they are there. */
export const schemasMissing: string | undefined = existsSync(join(folder, '2026-07-28.json'))
  ? undefined
  : `no published schemas in ${folder}; MCP_DBG_SCHEMAS names the folder`;

/** As much of JSON Schema as the published schemas use to say which members an object has. */
export interface Definition {
  readonly $ref?: string;
  readonly anyOf?: readonly Definition[];
  readonly allOf?: readonly Definition[];
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Definition;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Definition;
}

export type Definitions = Readonly<Record<string, Definition>>;

/** The definitions of a published schema, by name. */
export function publishedDefinitions(version: string): Definitions {
  const schema = JSON.parse(publishedText(version)) as {
    readonly $defs?: Definitions;
    readonly definitions?: Definitions;
  };
  return schema.$defs ?? schema.definitions ?? {};
}

/** The methods of one union of a published schema, such as `ClientRequest`, sorted; none where it has no such union. */
export function publishedMethods(version: string, union: string): readonly string[] {
  const all = publishedDefinitions(version);
  const names = all[union]?.anyOf?.map(({ $ref = '' }) => $ref.split('/').at(-1) ?? '') ?? [union];
  const methods = names.map((name) => all[name]?.properties?.['method']?.const);
  return methods.filter((method) => typeof method === 'string').toSorted();
}

/** The text of a published schema. */
export function publishedText(version: string): string {
  return readFileSync(join(folder, `${version}.json`), 'utf8');
}
