export { ExchangeTracker, type TrackerBound } from './exchange-tracker.ts';
export { type Frame, type Sender, peerOf } from './frame.ts';
export { FrameCounter, FrameStream } from './frame-stream.ts';
export { type Member, jsonItems, jsonMembers, memberText } from './json-members.ts';
export { type Line, LineSplitter } from './line-splitter.ts';
export { flippedId, idText, readFrame, readText } from './read-frame.ts';
export { StderrTail } from './stderr-tail.ts';
export type {
  BatchReading,
  ErrorReading,
  FrameFault,
  IdText,
  Message,
  NotificationReading,
  NotJsonReading,
  NotJsonRpcReading,
  Reading,
  RequestReading,
  ResultReading,
} from './reading.ts';
