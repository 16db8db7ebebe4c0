export { ProxyError, type ProxyErrorCode } from './errors.ts';
export { type OwnEnd, START_FAILURE_CODES, ownEnd } from './exit-status.ts';
export type { Inlet } from './inlet.ts';
export { type Observer, type Pipe, type ProcessEvent, fanOut } from './observer.ts';
export type { Outlet } from './outlet.ts';
export {
  NEVER_STARTED,
  type RestartCause,
  type RestartDecision,
  type RestartRecord,
  ended,
  nextStart,
  refused,
  started,
} from './restart-policy.ts';
export type { RunningServer, StartServer } from './running-server.ts';
export { type Exit, STOP_GRACE_MS, type ServerCommand, ServerProcess } from './server-process.ts';
export { FORWARDED_SIGNALS, type ForwardedSignal, isEnding, isForProcess } from './signals.ts';
export { openInput, openOutput } from './standard-streams.ts';
export { type Deadline, killDeadline } from './kill-deadline.ts';
export { type ProxyOptions, type Say, runProxy } from './stdio-proxy.ts';
