import { fileURLToPath } from 'node:url';

/** The fixture servers of `servers/`; the head of each script says what it does and what its argv means. */
export const fixtureNames = [
  'bad-tools',
  'batch',
  'big-line',
  'bom',
  'closes-stdin',
  'closes-stdout',
  'crashes-on-call',
  'dies-after-handshake',
  'duplicate-answers',
  'echo',
  'exits-at-once',
  'exits-on-probe',
  'features-v1',
  'features-v2',
  'floods',
  'forks-and-dies',
  'garbage',
  'hostile-progress',
  'hostile-text',
  'http-v1',
  'http-v2',
  'ignores-eof',
  'ignores-term',
  'late-modern',
  'legacy-only',
  'list-changes',
  'modern-only',
  'needs-variable',
  'never-answers',
  'null-id',
  'paginated',
  'pretty-json',
  'prints-banner',
  'progress',
  'reborn',
  'sdk-v1',
  'sdk-v2',
  'silent-on-probe',
  'stderr-flood',
  'string-ids',
  'tool-errors',
  'weather_py',
] as const;

/** The name of a fixture server. */
export type FixtureName = (typeof fixtureNames)[number];

const examples = {
  bookmarks: 'bookmarks/server.py',
  'bookmarks-node': 'bookmarks/server.mjs',
  'broken-server': 'broken-server/server.mjs',
  weather: 'weather/server.ts',
} as const;

/** The name of an example server. */
export type ExampleName = keyof typeof examples;

/** The absolute path of a fixture server's script. */
export function fixture(name: FixtureName): string {
  const extension = name.endsWith('_py') ? 'py' : 'mjs';
  return fileURLToPath(new URL(`../servers/${name}.${extension}`, import.meta.url));
}

/** The absolute path of an example server's script. */
export function example(name: ExampleName): string {
  return fileURLToPath(new URL(`../../../examples/${examples[name]}`, import.meta.url));
}
