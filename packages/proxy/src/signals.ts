/** A signal that the proxy passes on to the server. */
export type ForwardedSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT' | 'SIGUSR1' | 'SIGUSR2';

/** All of them. They stand alone here so that a program can listen before it loads anything else. */
export const FORWARDED_SIGNALS: readonly ForwardedSignal[] = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
];

/** True for a signal that a program may take for its own purposes: it is for the server's process alone. */
export function isForProcess(signal: ForwardedSignal): boolean {
  return signal === 'SIGUSR1' || signal === 'SIGUSR2';
}

/** True for a signal that means the end of the server, and of us. */
export function isEnding(signal: ForwardedSignal): boolean {
  return signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP';
}
