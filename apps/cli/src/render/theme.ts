import { Chalk, type ChalkInstance } from 'chalk';

/** All colours in one place. */
export interface Theme {
  readonly client: ChalkInstance;
  readonly server: ChalkInstance;
  readonly dim: ChalkInstance;
  readonly good: ChalkInstance;
  readonly warn: ChalkInstance;
  readonly bad: ChalkInstance;
  readonly tool: ChalkInstance;
  readonly key: ChalkInstance;
  readonly text: ChalkInstance;
  readonly number: ChalkInstance;
  readonly heading: ChalkInstance;
  readonly strong: ChalkInstance;
  readonly emphasis: ChalkInstance;
  readonly struck: ChalkInstance;
  readonly code: ChalkInstance;
  readonly link: ChalkInstance;
  readonly marker: ChalkInstance;
  readonly quote: ChalkInstance;
  readonly frame: ChalkInstance;
}

/** Colours where the stream is a terminal that has them; NO_COLOR and FORCE_COLOR decide otherwise. */
export function themeFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Theme {
  const { FORCE_COLOR: force } = env;
  const isForced = force !== undefined && force !== '0' && force !== 'false';
  const isRefused = force !== undefined || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  const c = new Chalk({ level: isForced || (isTerminal && !isRefused) ? 1 : 0 });
  return {
    client: c.cyan,
    server: c.magenta,
    dim: c.dim,
    good: c.green,
    warn: c.yellow,
    bad: c.red,
    tool: c.blue,
    key: c.cyan,
    text: c.green,
    number: c.yellow,
    heading: c.bold.cyan,
    strong: c.bold,
    emphasis: c.italic,
    struck: c.dim,
    code: c.yellow,
    link: c.blue.underline,
    marker: c.cyan,
    quote: c.dim,
    frame: c.dim,
  };
}
