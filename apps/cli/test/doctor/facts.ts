import { HOSTS, type HostId } from '../../src/doctor/hosts.ts';
import type { Launch } from '../../src/doctor/launch.ts';
import type { ProcessFacts, StartFacts, StartOutcome } from '../../src/doctor/start-facts.ts';

/** A start that went well, but for what the test says. */
export function facts(given: Partial<StartFacts> = {}): StartFacts {
  return {
    launch: launch('terminal'),
    isRemote: false,
    asked: 'auto',
    processes: [processFacts()],
    outcome: READY,
    lint: [],
    command: { name: 'server', path: '/bin', found: '/bin/server', elsewhere: [] },
    inner: undefined,
    paths: [],
    pythons: [],
    known: new Set(),
    silentMs: undefined,
    ...given,
  };
}

/** How a good server is found to be. */
export const READY: Extract<StartOutcome, { kind: 'ready' }> = {
  kind: 'ready',
  era: 'modern',
  protocolVersion: '2026-07-28',
  name: 'server',
  version: '1.0.0',
  tools: [],
  readyMs: 100,
};

/** A launch as one host makes it. */
export function launch(id: HostId): Launch {
  return { hosts: HOSTS.filter((host) => host.id === id), argv: ['server'], env: { PATH: '/bin' }, cwd: '/' };
}

/** A process that answered and ended when it was asked to. */
export function processFacts(given: Partial<ProcessFacts> = {}): ProcessFacts {
  return { firstAnswerMs: 50, stderr: [], noise: [], end: undefined, signals: [], ...given };
}
