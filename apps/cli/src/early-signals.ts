import { FORWARDED_SIGNALS, type ForwardedSignal } from '@mcp-dbg/proxy/signals';

/**
 * Signals that `proxy` gets from its first moment on. This module is the first that the program evaluates: a signal
 * must never end us before the server has it, and SIGUSR1 would open Node's inspector.
 */
const early: ForwardedSignal[] = [];
let listener = (signal: ForwardedSignal): void => void early.push(signal);

if (process.argv[2] === 'proxy') {
  for (const signal of FORWARDED_SIGNALS) process.on(signal, () => listener(signal));
}

/** Passes every signal on to `next`, starting with those that came before. */
export function forwardSignals(next: (signal: ForwardedSignal) => void): void {
  listener = next;
  for (const signal of early.splice(0)) next(signal);
}

/** Gives the signals their default effect back. */
export function releaseSignals(): void {
  for (const signal of FORWARDED_SIGNALS) process.removeAllListeners(signal);
}
