import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import type { JsonSchemaType } from '@modelcontextprotocol/client';

/** The folder of the schemas that the specification publishes, one file per revision. It is no part of this repository. */
const folder = process.env['MCP_DBG_SCHEMAS'] ?? fileURLToPath(new URL('../../../../shared/schemas', import.meta.url));

export const revisions = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof revisions)[number];

/** True where the published schemas are there to compare with; says so aloud where they are not. */
export const schemasAreHere: boolean = existsSync(join(folder, '2026-07-28.json'));
if (!schemasAreHere) {
  console.warn(
    `No published schemas in ${folder}: results are not compared with them. MCP_DBG_SCHEMAS names the folder.`,
  );
}

const validator = new AjvJsonSchemaValidator();
const schemas = new Map<Revision, JsonSchemaType>();

/** What the published schema of a revision has against `value` as a `definition`: empty when it is fine. */
export function schemaProblem(revision: Revision, definition: string, value: unknown): string {
  if (!schemasAreHere) return '';
  const schema =
    schemas.get(revision) ?? (JSON.parse(readFileSync(join(folder, `${revision}.json`), 'utf8')) as JsonSchemaType);
  schemas.set(revision, schema);
  const definitions = '$defs' in schema ? '$defs' : 'definitions';
  const verdict = validator.getValidator({ ...schema, $ref: `#/${definitions}/${definition}` })(value);
  return verdict.valid ? '' : `${definition} of ${revision}: ${verdict.errorMessage} in ${JSON.stringify(value)}`;
}
