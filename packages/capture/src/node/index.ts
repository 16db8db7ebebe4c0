export {
  type CaptureOptions,
  CaptureWriter,
  type ConnectionEvent,
  type ConnectionRecorder,
  type ConnectionTarget,
  MAX_CAPTURE_BYTES,
} from "./capture-writer.ts";
export { captureFolder, captureName } from "./capture-folder.ts";
export { CaptureError, type CaptureErrorCode } from "../capture-error.ts";
