/** What stands in a capture where a command line held a secret. */
export const MASK = '***';

/** What of the values that stand under a name is secret. */
export type Holds =
  /** Whatever stands there, at any depth. */
  | 'anything'
  /** Text, and numbers too long to count something: `pass` counts tests, and a `session_id` can be one of few. */
  | 'text'
  /** Text that only a machine writes: the `signature` of a function is none. */
  | 'random'
  /** Texts in a list: `tokens` is mostly how many. */
  | 'list';

/** What a name says of its values. */
export interface SecretName {
  /** The name in small letters where that can show no secret, else only the word that told. */
  readonly kind: string;
  readonly holds: Holds;
}

/** The longest name that is looked at; of a longer one its end, where the word that tells stands. */
const MAX_NAME_LENGTH = 128;

/** The words that make a name one of a secret. `~` stands for what may part two words. */
const WORDS: readonly string[] = [
  'pass~(?:word|wd|phrase|code)',
  'secret(?!ar)',
  'token(?<!progress~token)(?!s|iz)',
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
const SECRET = new RegExp(`${WORDS.join('|').replaceAll('~', '-?')}|(?:^|-)(?:pwd|pw)$`);

/** Names that end like those of {@link NO_SECRET}, and are of secrets all the same. */
const SECRET_ALL_THE_SAME = /(?:^|-)secret-ur[il]s?$|sess(?:ion)?-?ids?$/;

/** Names under which only some values are secret. */
const SOME: readonly { readonly names: RegExp; readonly holds: Holds }[] = [
  { names: /(?:^|-)(?:pass|jwt)$|sess(?:ion)?-?id$/, holds: 'text' },
  { names: /(?:^|-)sig(?:nature)?$/, holds: 'random' },
  { names: /(?:tokens|jwts|session-?ids)$/, holds: 'list' },
];

/**
 * Names that only speak about a secret (`token-type`, `password-hint`), and the tokens that MCP, pages and models count
 * by: `progressToken` pairs messages and must never change.
 */
const NO_SECRET = new RegExp(
  [
    '^(?:has|is|needs|requires|supports|allows?|no)-',
    '(?:^|-)(?:progress|page|next|continuation|sync|cancel|cancellation|max|min|total|prompt|completion|input|output|eos|bos|pad|unk|mask|stop|start|end|special|first|last|per)-?tokens?$',
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
export const NAME_WORDS: string = `${WORDS.join('|').replaceAll('~', '[_. -]?')}|(?:pass|jwts?|sig(?:nature)?)(?![a-z])|sess(?:ion)?[_. -]?id|pwd?(?![a-z0-9])|[_-](?:key|pat|auth)(?![a-z0-9])`;

/** Finds, in the same way, the name of a list before it: without one, `tokens` are how many. */
export const LIST_NAME: string = 'tokens\\\\*["\'`]?(?:\\s|\\\\+[nrt])*(?:=>|[:=])(?:\\s|\\\\+[nrt])*\\[';

const MAY_BE = new RegExp(`${NAME_WORDS}|tokens(?![a-z])`, 'i');

/** What a key, a variable or a header of this name says of its values; undefined where they are no secrets. */
export function secretName(name: string): SecretName | undefined {
  const end = name.slice(-MAX_NAME_LENGTH);
  const known = judged.get(end);
  if (known !== undefined || judged.has(end)) return known;
  const told = judge(end);
  if (judged.size >= MAX_JUDGED) judged.clear();
  judged.set(end, told);
  return told;
}

/** What kind of secret the one value of this name is, such as `api-key`; undefined where most values are none. */
export function secretKind(name: string): string | undefined {
  const told = secretName(name);
  return told?.holds === 'anything' || told?.holds === 'text' ? told.kind : undefined;
}

/** Messages repeat the same few names, and to judge one takes longer than to read it. */
const judged = new Map<string, SecretName | undefined>();
const MAX_JUDGED = 1000;

function judge(end: string): SecretName | undefined {
  if (!MAY_BE.test(end) || end === 'PWD' || end === 'OLDPWD') return undefined;
  const words = inWords(end);
  if (NO_SECRET.test(words) && !SECRET_ALL_THE_SAME.test(words)) return undefined;
  const some = SOME.find(({ names }) => names.test(words));
  const told = SECRET.exec(words) ?? SECRET_VARIABLE.exec(end);
  if (told !== null) return { kind: kindOf(words, told[0]), holds: 'anything' };
  return some && { kind: kindOf(words, some.names.exec(words)?.[0] ?? ''), holds: some.holds };
}

function kindOf(words: string, told: string): string {
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
