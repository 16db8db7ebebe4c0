interface Shape {
  readonly kind: string;
  /** How each of them starts: what is looked for first. Source of a regular expression. */
  readonly start: string;
  /** What follows the start. Never two repetitions that can take the same characters. */
  readonly rest: string;
}

/** A word that has a digit: `sk-learn-examples` is a name, a key is random. */
const RANDOM = '(?=[\\w-]*\\d)';

const SHAPES: readonly Shape[] = [
  { kind: 'jwt', start: 'eyJ', rest: '[\\w-]{6,}\\.[\\w-]{6,}(?:\\.[\\w-]*){0,3}' },
  { kind: 'api-key', start: 'sk-', rest: `${RANDOM}[\\w-]{8,}` },
  { kind: 'api-key', start: '(?:gsk_|xai-|tvly-|r8_|pplx-|lin_api_|dop_v1_|PMAK-|figd_|ntn_)', rest: '[\\w-]{16,}' },
  { kind: 'stripe-key', start: '(?:[rsp]k_(?:live|test)_|whsec_)', rest: '\\w{8,}' },
  { kind: 'github-token', start: '(?:gh[pousr]_|github_pat_)', rest: '\\w{8,}' },
  { kind: 'gitlab-token', start: 'gl(?:pat|ptt|dt|rt|cbt|soat)-', rest: '[\\w.-]{8,}' },
  { kind: 'npm-token', start: 'npm_', rest: '(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{16,}' },
  { kind: 'pypi-token', start: 'pypi-', rest: 'A[\\w-]{30,}' },
  { kind: 'huggingface-token', start: 'hf_', rest: '[A-Za-z0-9]{16,}' },
  { kind: 'slack-token', start: '(?:xox[a-z]-|xapp-)', rest: '[\\w-]{8,}' },
  { kind: 'slack-webhook', start: 'hooks\\.slack\\.com/', rest: '(?:services|workflows|triggers)/[\\w/-]{10,}' },
  { kind: 'discord-webhook', start: 'discord(?:app)?\\.com/api/', rest: 'webhooks/\\d+/[\\w-]+' },
  { kind: 'telegram-token', start: '\\d{8,10}:AA', rest: '[\\w-]{30,}' },
  { kind: 'google-key', start: 'AIza', rest: '[\\w-]{20,}' },
  { kind: 'google-token', start: 'ya29\\.', rest: '[\\w.-]{10,}' },
  { kind: 'google-secret', start: 'GOCSPX-', rest: '[\\w-]{16,}' },
  { kind: 'aws-key', start: '(?:AKIA|ASIA)', rest: '[A-Z0-9]{12,}' },
  { kind: 'sendgrid-key', start: 'SG\\.', rest: '[\\w-]{16,}\\.[\\w-]{16,}' },
  { kind: 'shopify-token', start: 'shp(?:at|ca|pa|ss)_', rest: '[a-fA-F0-9]{16,}' },
  { kind: 'vault-token', start: 'hvs\\.', rest: '[\\w-]{20,}' },
  { kind: 'age-key', start: 'AGE-SECRET-KEY-', rest: '[A-Z0-9]{20,}' },
];

/**
 * A shape starts where a word does, or behind an escaped newline or tab. It keeps the search linear too: one long word
 * is tried once, not from each of its characters.
 */
const AT_WORD = '(?:(?<![\\w-])|(?<=\\\\[nrt]))';

const EXACT: readonly { readonly kind: string; readonly exact: RegExp }[] = SHAPES.map(({ kind, start, rest }) => ({
  kind,
  exact: new RegExp(`^${start}${rest}$`),
}));

/** Every key or token whose own shape tells what it is. */
export const SHAPE: RegExp = new RegExp(
  `${AT_WORD}(?:${SHAPES.map(({ start, rest }) => start + rest).join('|')})`,
  'g',
);

/** Whether a text can have a {@link SHAPE}. */
export const ANY_SHAPE: RegExp = new RegExp(SHAPES.map(({ start }) => start).join('|'));

/** What kind of secret a match of {@link SHAPE} is. */
export function shapeKind(match: string): string {
  return EXACT.find(({ exact }) => exact.test(match))?.kind ?? 'key';
}

/** The user and password of a URL; the match is they alone. `://` itself bounds how far each attempt goes. */
export const URL_LOGIN: RegExp = /(?<=[a-z0-9+.-]:(?:\/|\\+\/){2})[^/?#\s"'<>`\\@]+(?:@[^/?#\s"'<>`\\@]+)*(?=@)/gi;

/** What follows `Bearer` or `Basic`; whether it is a secret, {@link looksRandom} tells. */
export const SCHEME_VALUE: RegExp = /(?<=(?<![a-z0-9])(?:bearer|basic)[ \t]{1,4})[\w.~+/=-]{6,}/gi;

/** Whether a text can have a {@link SCHEME_VALUE}. */
export const ANY_SCHEME: RegExp = /(?:bearer|basic)[ \t]/i;

/** Whether a word is more than a word: `Basic authentication` is prose. */
export function looksRandom(word: string): boolean {
  return /\d|[a-z][A-Z]|=$/.test(word);
}

/** The first line of a private key. */
export const PRIVATE_KEY_START: RegExp = /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
/** Its last line. */
export const PRIVATE_KEY_END: RegExp = /-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;

/** What any match of the above contains, as the source of a regular expression for any case. */
export const SHAPE_STARTS: string = [
  ...SHAPES.map(({ start }) => start),
  '://[^/?#\\s"]*@',
  'basic[ \\t]',
  '-----BEGIN ',
].join('|');
