export { captureFolder } from './capture-folder.ts';
export { makeFolder } from './make-folder.ts';
