export { type CaptureFinding, CaptureLinter } from './capture-linter.ts';
