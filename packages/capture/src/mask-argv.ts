/** What stands in a capture where a command line held a secret. */
export const MASK = '***';

const SECRET_NAME =
  /(?:pass(?:word|wd|phrase)?|secret|token(?!s|iz)|credential|authorization|cookie|bearer|session[_-]?key|(?:api|access|private|signing|encryption|auth|client)[_-]?key|apikey|(?:^|[_-])(?:auth|key|pat|pwd|pw)$)/i;

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
  return maskNamed(maskShapes(word));
}

/** Masks after `NAME=`, `NAME:` and chains of them such as `--env=API_KEY=…`. The colon of a URL names nothing. */
function maskNamed(word: string): string {
  let at = 0;
  for (const [sign] of word.matchAll(/[\w.-]+(?:=|:\s*(?!\/\/))/gy)) {
    at += sign.length;
    if (at < word.length && SECRET_NAME.test(sign.replaceAll(/^-+|[=:]\s*$/g, ''))) return word.slice(0, at) + MASK;
  }
  return word;
}

function maskShapes(text: string): string {
  return text
    .replaceAll(/([a-z][a-z0-9+.-]{0,30}:\/\/)[^/?#\s]*@/gi, `$1${MASK}@`)
    .replaceAll(/([?&][\w.-]+=)([^&#\s]+)/g, (whole: string, name: string) =>
      SECRET_NAME.test(name.slice(1, -1)) ? `${name}${MASK}` : whole,
    )
    .replaceAll(/("([\w.-]+)"\s*:\s*)"(?:[^"\\]|\\.)*"/g, (whole: string, start: string, name: string) =>
      SECRET_NAME.test(name) ? `${start}"${MASK}"` : whole,
    )
    .replaceAll(/\b((?:bearer|basic)\s+)[\w.~+/=-]{6,}/gi, `$1${MASK}`)
    .replaceAll(SECRET_VALUE, MASK);
}
