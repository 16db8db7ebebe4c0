export { captureFolder, safeLabel } from './capture-folder.ts';
export { makeFolder } from './make-folder.ts';
