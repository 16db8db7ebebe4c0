export {
  type CaptureOptions,
  CaptureWriter,
  type ConnectionEvent,
  type ConnectionRecorder,
  type ConnectionTarget,
  MAX_CAPTURE_BYTES,
} from './capture-writer.ts';
export { CAPTURE_EXTENSION, type CaptureNaming, captureFolder, captureName } from './capture-folder.ts';
export { makeFolder } from './make-folder.ts';
export { openCapture } from './open-capture.ts';
export { MAX_FOLDER_BYTES, newestCapture, pruneCaptures } from './stored-captures.ts';
export { queryFile } from './query-file.ts';
export { statsOfFile } from './stats-of-file.ts';
