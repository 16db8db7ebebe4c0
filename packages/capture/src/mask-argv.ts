/** What stands in a capture where a command line held a secret. */
export const MASK = '***';

const SECRET_NAME =
  /(?:pass(?:word|wd|phrase)?|secret|token|credential|authorization|cookie|bearer|session[_-]?key|(?:api|access|private|signing|encryption|auth|client)[_-]?key|apikey|(?:^|[_-])(?:auth|key|pat|pwd|pw)$)/i;

const SECRET_VALUE = new RegExp(
  [
    'sk-[\\w-]{8,}',
    '[rsp]k_(?:live|test)_\\w{8,}',
    'gh[pousr]_\\w{8,}',
    'github_pat_\\w{8,}',
    'glpat-[\\w-]{8,}',
    'npm_\\w{16,}',
    'hf_\\w{16,}',
    'xox[a-z]-[\\w-]{8,}',
    'xapp-[\\w-]{8,}',
    'AIza[\\w-]{20,}',
    'ya29\\.[\\w.-]{10,}',
    '(?:AKIA|ASIA)[A-Z0-9]{12,}',
    'eyJ[\\w-]{6,}\\.[\\w-]{6,}(?:\\.[\\w-]*)?',
  ].join('|'),
  'g',
);

/**
 * Masks what looks like a secret in a command line: the value of an option or variable with a secret's name, the
 * known shapes of keys and tokens, `Bearer …`, and the user and password of a URL. Everything else stays as it is.
 */
export function maskArgv(argv: readonly string[]): readonly string[] {
  return argv.map((word, index) => {
    const before = argv[index - 1];
    const isNamedValue = before !== undefined && isSecretOption(before) && !word.startsWith('-');
    return isNamedValue ? MASK : maskWord(word);
  });
}

/** `--api-key` and `-token`, but not `--api-key=…`, which holds its value itself. */
function isSecretOption(word: string): boolean {
  return /^--?[\w.-]+$/.test(word) && SECRET_NAME.test(word.replace(/^-+/, ''));
}

function maskWord(word: string): string {
  const named = /^(-{0,2}[\w.-]+)([=:]\s*)(.+)$/s.exec(word);
  if (named) {
    const [, name = '', sign = '', value = ''] = named;
    const isSecret = SECRET_NAME.test(name.replace(/^-+/, '')) && !value.startsWith('//');
    return isSecret ? `${name}${sign}${MASK}` : `${name}${sign}${maskShapes(value, sign)}`;
  }
  return maskShapes(word, '');
}

function maskShapes(text: string, sign: string): string {
  // `NAME:value` splits a URL at its colon, so what is left of the scheme may be the two slashes only.
  const masked = sign.startsWith(':') ? text.replace(/^\/\/[^/?#\s]*@/, `//${MASK}@`) : text;
  return masked
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/gi, `$1${MASK}@`)
    .replace(/([?&][\w.-]+=)([^&#\s]+)/g, (whole: string, name: string) =>
      SECRET_NAME.test(name.slice(1, -1)) ? `${name}${MASK}` : whole,
    )
    .replace(/\b((?:bearer|basic)\s+)[\w.~+/=-]{6,}/gi, `$1${MASK}`)
    .replace(SECRET_VALUE, MASK);
}
