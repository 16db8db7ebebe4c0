import { CliError, exitOfSignal } from './exit-code.ts';
import type { Io } from './io.ts';

/** Ends what a command does: it is aborted, with CliError `INTERRUPTED`, once the process is told to end. */
export function interruption(io: Pick<Io, 'onSignal'>): Pick<AbortController, 'signal' | 'abort'> & Disposable {
  const interrupted = new AbortController();
  const stopListening = io.onSignal((signal) =>
    interrupted.abort(new CliError('INTERRUPTED', 'Interrupted', { exit: exitOfSignal(signal) })),
  );
  return {
    signal: interrupted.signal,
    abort: (reason) => interrupted.abort(reason),
    [Symbol.dispose]: stopListening,
  };
}
