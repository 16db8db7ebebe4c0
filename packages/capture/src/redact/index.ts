export { maskArgv } from './mask-argv.ts';
export { type RedactRecordsOptions, redactRecords } from './redact-records.ts';
export type { Replaced } from './redaction-report.ts';
export { Redactor, type RedactorOptions, type Replacement } from './redactor.ts';
export type { NamedSecret } from './rules.ts';
export { MASK } from './secret-names.ts';
export { secretsOfEnvironment } from './secrets-of-environment.ts';
