import { VERSIONS, type Version } from '../../eras.ts';
import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, family } from '../check.ts';
import { ALL } from '../rule.ts';

const PAGE = 'server/tools';

/** The blocks of content: since when there are such, and which of their members have to be texts. */
const BLOCKS: Readonly<Record<string, { readonly since: Version; readonly texts: readonly string[] }>> = {
  text: { since: '2024-11-05', texts: ['text'] },
  image: { since: '2024-11-05', texts: ['data', 'mimeType'] },
  audio: { since: '2025-03-26', texts: ['data', 'mimeType'] },
  resource: { since: '2024-11-05', texts: [] },
  resource_link: { since: '2025-06-18', texts: ['uri', 'name'] },
};

/** Blocks of one result that are looked at. */
const MAX_BLOCKS = 10_000;

/** What tools, prompts and resources give. */
export const content: Family = family(
  {
    'content/type': {
      title: 'A block of content is of a type that MCP has',
      level: 'error',
      once: 'frame',
      versions: ALL,
      spec: PAGE,
      fix: 'Send a text, image, audio, resource_link or resource; whatever else there is goes into a text.',
      clients: 'The TypeScript SDKs refuse the whole result.',
    },
    'content/newer-type': {
      title: 'A block of content is of a type that the version in use has',
      level: 'error',
      once: 'frame',
      versions: ALL,
      spec: PAGE,
      fix: 'Look at the version that was agreed on: audio came with 2025-03-26, resource_link with 2025-06-18.',
      clients: 'Clients of that version refuse the whole result.',
    },
    'content/members': {
      title: 'A block of content has what its type needs',
      level: 'error',
      once: 'frame',
      versions: ALL,
      spec: PAGE,
      fix: 'Send text for a text, data and mimeType for an image or audio, uri and name for a link, and a resource for a resource.',
      clients: 'The TypeScript SDKs refuse the whole result.',
    },
    'content/base64': {
      title: 'The bytes of images, audio and blobs are base64',
      level: 'error',
      once: 'frame',
      versions: ALL,
      spec: PAGE,
      fix: 'Encode the bytes as plain base64: no "data:" address, no line breaks, and neither "-" nor "_".',
    },
    'resources/contents': {
      title: 'What a resource holds has a uri, and either text or blob',
      level: 'error',
      once: 'frame',
      versions: ALL,
      spec: 'server/resources',
      fix: 'Send {"uri":…,"text":…}, or {"uri":…,"blob":…} with the bytes in base64.',
      clients: 'The TypeScript SDKs refuse the whole result.',
    },
  },
  (report) => {
    const checkContents = (seen: SeenAnswer, value: unknown, at: string): void => {
      const what = (fault: string): string => `The server sent ${at} ${fault}`;
      if (!isObject(value)) return report('resources/contents', seen, what('that is no object'));
      const { uri, text, blob } = value;
      if (typeof uri !== 'string') report('resources/contents', seen, what('without a uri'));
      if (typeof text !== 'string' && typeof blob !== 'string')
        report('resources/contents', seen, what('with neither text nor blob'));
      checkBytes(seen, blob, `${at}.blob`);
    };
    const checkBytes = (seen: SeenAnswer, bytes: unknown, at: string): void => {
      const fault = typeof bytes === 'string' ? base64Fault(bytes) : undefined;
      if (fault !== undefined) report('content/base64', seen, `The server sent ${at} that is not base64: ${fault}`);
    };
    const checkBlock = (seen: SeenAnswer, block: unknown, at: string): void => {
      const type = isObject(block) ? block['type'] : undefined;
      const known = typeof type === 'string' && Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : undefined;
      if (!isObject(block) || known === undefined) {
        const kind =
          typeof type === 'string'
            ? `the type ${JSON.stringify(type.slice(0, 60))}, which MCP does not have`
            : 'no type';
        return report('content/type', seen, `The server sent ${at} with ${kind}`);
      }
      if (seen.version !== undefined && VERSIONS.indexOf(seen.version) < VERSIONS.indexOf(known.since))
        report(
          'content/newer-type',
          seen,
          `The server sent ${at} of the type ${String(type)}, which MCP ${seen.version} does not have`,
        );
      const missing = known.texts.filter((name) => typeof block[name] !== 'string');
      if (missing.length > 0)
        report(
          'content/members',
          seen,
          `The server sent ${at} of the type ${String(type)} without a text as ${missing.join(' and ')}`,
        );
      if (type === 'image' || type === 'audio') checkBytes(seen, block['data'], `${at}.data`);
      if (type !== 'resource') return;
      if (isObject(block['resource'])) checkContents(seen, block['resource'], `${at}.resource`);
      else report('content/members', seen, `The server sent ${at} of the type resource without a resource`);
    };
    return {
      answer: (seen) => {
        const { asked, reading } = seen;
        const result = reading.kind === 'result' && isObject(reading.result) ? reading.result : {};
        if (asked?.method === 'tools/call')
          listOf(result['content']).forEach((block, at) => checkBlock(seen, block, `content[${at}]`));
        if (asked?.method === 'resources/read')
          listOf(result['contents']).forEach((each, at) => checkContents(seen, each, `contents[${at}]`));
        if (asked?.method === 'prompts/get')
          listOf(result['messages']).forEach((message, at) => {
            if (isObject(message)) checkBlock(seen, message['content'], `messages[${at}].content`);
          });
      },
    };
  },
);

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_BLOCKS) : [];
}

/** What is wrong with base64; one pass, and nothing is decoded. */
function base64Fault(text: string): string | undefined {
  if (text.startsWith('data:')) return 'it is a data: address';
  const wrong = /[^A-Za-z0-9+/=]/.exec(text)?.[0];
  if (wrong !== undefined) return `it has ${JSON.stringify(wrong)} in it`;
  if (!/^[^=]*={0,2}$/.test(text)) return 'it has "=" before its end';
  const bare = text.replace(/=+$/, '').length;
  if (bare % 4 === 1) return 'it is cut off';
  return undefined;
}
