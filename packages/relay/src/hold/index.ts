export type { Decision, FrameSummary, HeldFrame, HoldEnd, HoldEvent } from './decision.ts';
export { HoldDesk, type RefusalCode, type Verdict } from './hold-desk.ts';
export type { HoldOptions } from './hold-options.ts';
export { liveFilter } from '../live/live-filter.ts';
