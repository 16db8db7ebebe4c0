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
