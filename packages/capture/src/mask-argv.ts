import { MASK, isSecretOption } from './redact/secret-names.ts';
import { SCHEME_VALUE, SHAPE, URL_LOGIN } from './redact/secret-shapes.ts';

/**
 * Masks what looks like a secret in a command line: the value of an option or variable with a secret's name, the
 * known shapes of keys and tokens, `Bearer …`, and the user and password of a URL. Everything else stays as it is.
 */
export function maskArgv(argv: readonly string[]): readonly string[] {
  return argv.map((word, index) => {
    const before = argv[index - 1];
    const isNamedValue = before !== undefined && takesSecret(before) && !word.startsWith('-');
    return isNamedValue ? MASK : maskWord(word);
  });
}

/** `--api-key` and `-token`, but not `--api-key=…`, which holds its value itself. */
function takesSecret(word: string): boolean {
  return /^--?[\w.-]+$/.test(word) && isSecretOption(word);
}

function maskWord(word: string): string {
  return maskNamed(maskShapes(word));
}

/** Masks after `NAME=`, `NAME:` and chains of them such as `--env=API_KEY=…`. The colon of a URL names nothing. */
function maskNamed(word: string): string {
  let at = 0;
  for (const [sign] of word.matchAll(/[\w.-]+(?:=|:\s*(?!\/\/))/gy)) {
    at += sign.length;
    if (at < word.length && isSecretOption(sign.replace(/[=:]\s*$/, ''))) return word.slice(0, at) + MASK;
  }
  return word;
}

function maskShapes(text: string): string {
  return text
    .replaceAll(URL_LOGIN, MASK)
    .replaceAll(/([?&][\w.-]+=)([^&#\s]+)/g, (whole: string, name: string) =>
      isSecretOption(name.slice(1, -1)) ? `${name}${MASK}` : whole,
    )
    .replaceAll(/("([\w.-]+)"\s*:\s*)"(?:[^"\\]|\\.)*"/g, (whole: string, start: string, name: string) =>
      isSecretOption(name) ? `${start}"${MASK}"` : whole,
    )
    .replaceAll(SCHEME_VALUE, MASK)
    .replaceAll(SHAPE, MASK);
}
