import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the schemas that the specification publishes, one file per revision. It is no part of this repository. */
const folder = process.env['MCP_DBG_SCHEMAS'] ?? fileURLToPath(new URL('../../../../shared/schemas', import.meta.url));

/** Why nothing can be compared with the published schemas; undefined where they are there. */
export const schemasMissing: string | undefined = existsSync(join(folder, '2026-07-28.json'))
  ? undefined
  : `no published schemas in ${folder}; MCP_DBG_SCHEMAS names the folder`;

interface Definition {
  readonly anyOf?: readonly { readonly $ref?: string }[];
  readonly properties?: { readonly method?: { readonly const?: string } };
}

type Definitions = Readonly<Record<string, Definition>>;

function definitions(version: string): Definitions {
  const schema = JSON.parse(readFileSync(join(folder, `${version}.json`), 'utf8')) as {
    readonly $defs?: Definitions;
    readonly definitions?: Definitions;
  };
  return schema.$defs ?? schema.definitions ?? {};
}

/** The methods of one union of a published schema, such as `ClientRequest`, sorted; none where it has no such union. */
export function publishedMethods(version: string, union: string): readonly string[] {
  const all = definitions(version);
  const names = all[union]?.anyOf?.map(({ $ref = '' }) => $ref.split('/').at(-1) ?? '') ?? [union];
  const methods = names.map((name) => all[name]?.properties?.method?.const);
  return methods.filter((method) => method !== undefined).toSorted();
}

/** The text of a published schema. */
export function publishedText(version: string): string {
  return readFileSync(join(folder, `${version}.json`), 'utf8');
}
