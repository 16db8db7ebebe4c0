/** What stands in a capture where a command line held a secret. */
export const MASK = '***';

/** The longest name that is looked at; of a longer one its end, where the word that tells stands. */
const MAX_NAME_LENGTH = 128;

/**
 * The words that make a name one of a secret. `~` stands for what may part two words. Plurals such as `tokens` count
 * things, and are no secrets.
 */
const WORDS: readonly string[] = [
  'pass~(?:word|wd|phrase|code)',
  'secret(?!ar)',
  'token(?!s|iz)',
  'credential',
  'authorization',
  'cookie(?!~cutter|~consent)',
  'bearer',
  '(?:api|access|private|signing|encryption|auth|client|session|account|license|service~role|deploy|master)~key',
  '(?:code|pkce)~verifier',
  'client~assertion',
  'x~(?:amz|goog)~(?:signature|credential)',
  'shared~access~(?:key|signature)',
];

/** On names in words joined by `-`. */
const SECRET = new RegExp(`${WORDS.join('|').replaceAll('~', '-?')}|(?:^|-)(?:pwd|pw)$|-pass$`);

/**
 * Names that only speak about a secret (`token-type`, `password-hint`), and the tokens that MCP, pages and models count
 * by: `progressToken` pairs messages and must never change.
 */
const NO_SECRET = new RegExp(
  [
    '^(?:has|is|needs|requires|supports|allows?|no)-',
    '(?:^|-)(?:progress|page|next|continuation|sync|cancel|cancellation|max|min|total|prompt|completion|input|output|eos|bos|pad|unk|mask|stop|start|end|special|first|last|per)-?token$',
    '-(?:endpoints?|ur[il]s?|servers?|types?|counts?|limits?|budget|usage|length|size|names?|ids?|expires(?:-(?:at|in))?|expiry|ttl|schemes?|methods?|supported|required|enabled|policy|hint|path|file|dir|folder|headers?|params?|fields?|min|max|less)$',
  ].join('|'),
);

/** Environment variables such as `OPENAI_KEY` and `GITHUB_PAT`; in lower case the last word says too little. */
const SECRET_VARIABLE = /(?<!PUBLIC|PRIMARY|FOREIGN|SORT|PARTITION|CACHE)_(?:KEY|PAT|AUTH|PASS)$/;
const SECRET_OPTION = /(?:^|-)(?:auth|key|pat|pwd|pw)$/;

/**
 * Finds, in any text and any case, words that a secret's name can have: a hit says where to look, not that it is one.
 * Source of a regular expression without groups.
 */
export const NAME_WORDS: string = `${WORDS.join('|').replaceAll('~', '[_. -]?')}|pass(?![a-z])|pwd?(?![a-z0-9])|[_-](?:key|pat|auth)(?![a-z0-9])`;

const MAY_BE = new RegExp(NAME_WORDS, 'i');

/**
 * What kind of secret a key, a variable or a header of this name holds, such as `api-key`; undefined where it holds
 * none. The kind is the name in small letters where that can show no secret, else only the word that told.
 */
export function secretKind(name: string): string | undefined {
  const end = name.slice(-MAX_NAME_LENGTH);
  const known = judged.get(end);
  if (known !== undefined || judged.has(end)) return known;
  const kind = judge(end);
  if (judged.size >= MAX_JUDGED) judged.clear();
  judged.set(end, kind);
  return kind;
}

/** Messages repeat the same few names, and to judge one takes longer than to read it. */
const judged = new Map<string, string | undefined>();
const MAX_JUDGED = 1000;

function judge(end: string): string | undefined {
  if (!MAY_BE.test(end) || end === 'PWD' || end === 'OLDPWD') return undefined;
  const words = inWords(end);
  if (NO_SECRET.test(words)) return undefined;
  const told = SECRET.exec(words)?.[0] ?? SECRET_VARIABLE.exec(end)?.[0];
  if (told === undefined) return undefined;
  return words.length <= 32 && /^[a-z-]+$/.test(words) ? words : inWords(told);
}

/** Whether an option of a command line takes a secret: there a bare `--key` or `--auth` does too. */
export function isSecretOption(name: string): boolean {
  if (secretKind(name) !== undefined) return true;
  const words = inWords(name.slice(-MAX_NAME_LENGTH));
  return SECRET_OPTION.test(words) && !NO_SECRET.test(words);
}

/** `apiKey`, `API_KEY` and `api.key` are all `api-key`. */
function inWords(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
