/** A set of rules with a name. */
export interface ChaosPreset {
  readonly name: string;
  /** What it is like, in one line. */
  readonly meaning: string;
  /** As `--fault` takes them. */
  readonly rules: readonly string[];
}

/** The sets of rules that `--chaos` names. They leave the opening of a connection alone, or do it no lasting harm. */
export const CHAOS_PRESETS: readonly ChaosPreset[] = [
  {
    name: 'flaky',
    meaning: 'calls fail now and then, answers come late, twice or never',
    rules: [
      'method:tools/call :: error=-32603:"Internal error" p=0.1',
      'method:tools/call :: toolerror="The upstream service is unavailable" p=0.1',
      'method:tools/call :: delay=300ms±300ms p=0.2',
      'method:tools/call :: dup side=res p=0.1',
      'method:tools/call :: drop side=res p=0.03',
    ],
  },
  {
    name: 'slow',
    meaning: 'everything takes its time, and big answers take more',
    rules: [':: delay=150ms±100ms', ':: bandwidth=64k side=res', 'method:tools/call :: drip=16b/5ms side=res p=0.1'],
  },
  {
    name: 'crashy',
    meaning: 'the server dies: before it answers, after it, in the middle of an answer',
    rules: [
      'method:tools/call :: kill p=0.06',
      'method:tools/call :: exit=1 after=res p=0.04',
      'method:tools/call :: kill=SIGSEGV after=20ms p=0.04',
      'method:tools/call :: truncate=30b,kill side=res p=0.04',
    ],
  },
  {
    name: 'rude',
    meaning: 'the server works, with every bad habit on its output that is known',
    rules: [
      ':: noise="Loading model…" side=res p=0.2',
      ':: blank side=res p=0.1',
      ':: crlf side=res p=0.2',
      '-method:initialize -method:server/discover :: bom side=res p=0.1',
      '-method:initialize -method:server/discover :: id=string side=res p=0.1',
      ':: dup side=res p=0.1',
      'method:tools/call :: reorder=2 side=res p=0.2',
      'method:tools/call :: listchanged p=0.05',
      'method:tools/call :: stderr-flood=64KiB p=0.1',
      'method:tools/call :: big=1MiB side=res p=0.05',
    ],
  },
];
