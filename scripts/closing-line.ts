import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

/** Ends a test run with each skipped test and its reason, and with one plain line that a script can read. */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string): readonly TestCase[] => tests.filter((test) => test.result().state === state);
    const skipped = inState('skipped');
    for (const test of skipped) console.log(`skipped: ${test.fullName}: ${reason(test)}`);
    // A file that does not load, and an error outside every test, fail too.
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0);
    const failed = inState('failed').length + broken.length + unhandled.length;
    console.log(`${inState('passed').length} passed, ${failed} failed, ${skipped.length} skipped`);
  }
}

function reason(test: TestCase): string {
  const result = test.result();
  return (result.state === 'skipped' && result.note) || 'no reason given';
}
