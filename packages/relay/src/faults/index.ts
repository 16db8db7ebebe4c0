export { CHAOS_PRESETS, type ChaosPreset } from './chaos.ts';
export { FAULT_ACTIONS, type FaultActionRow } from './action-table.ts';
export { FaultError } from './fault-error.ts';
export type { FaultAction, FaultName, FaultRule, FaultWhen } from './fault-rule.ts';
export { type FaultStageOptions, faultStage } from './fault-stage.ts';
export { faultedStart } from './faulted-start.ts';
export { parseFault } from './parse-fault.ts';
export { parseFaultFile } from './parse-fault-file.ts';
export { MAX_SEED } from './seeded-random.ts';
