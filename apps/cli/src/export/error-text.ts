import { type Frame, readFrame } from '@mcp-dbg/wire';

/** UTF-16 units of a message at most. */
const MAX_MESSAGE = 300;

/** What an error answer says: `-32601: Method not found`. Raw text of a peer, cut; empty where there is none to read. */
export function errorText(answer: Frame | undefined): string {
  const reading = answer && readFrame(answer.bytes);
  const errors =
    reading?.kind === 'batch'
      ? reading.items.flatMap((item) => (item.kind === 'error' ? [item.error] : []))
      : reading?.kind === 'error'
        ? [reading.error]
        : [];
  const [first] = errors;
  if (typeof first !== 'object' || first === null) return '';
  const { code, message } = first as Readonly<Record<string, unknown>>;
  const said = [code, message].filter((each) => typeof each === 'number' || typeof each === 'string');
  return said.join(': ').slice(0, MAX_MESSAGE);
}
