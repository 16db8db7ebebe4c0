import type { ServerEvent } from '@mcp-dbg/core';
import { type Finding, Linter, PROCESS_RULES } from '@mcp-dbg/protocol/lint';

/** Checks what crosses the wires of a session while it does. What is only worth knowing is left to `lint`. */
export class LiveFindings {
  readonly #linters = new Map<string, Linter>();

  /** Takes every event, and gives what it made certain. */
  see(event: ServerEvent): readonly Finding[] {
    switch (event.type) {
      case 'server-started':
        this.#linters.set(event.server, new Linter(event.pid === null ? { off: PROCESS_RULES } : {}));
        return [];
      case 'frame':
        return worthTelling(this.#of(event.server).see(event.frame, event.reading));
      case 'server-ended': {
        const linter = this.#of(event.server);
        const { us, pid, code, signal, stderr } = event;
        if (pid === null) return worthTelling(linter.end(us));
        if (event.asked) linter.asksToEnd('eof', us);
        return worthTelling(linter.exit({ us, code, signal, stderr }));
      }
      case 'finding':
      case 'list-changed':
      case 'log':
      case 'notice':
      case 'resource-updated':
      case 'server-ready':
      case 'server-restarted':
      case 'server-start-failed':
      case 'server-waiting':
      case 'stderr':
      case 'tools-changed':
        return [];
    }
  }

  #of(server: string): Linter {
    const known = this.#linters.get(server) ?? new Linter();
    this.#linters.set(server, known);
    return known;
  }
}

function worthTelling(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ level }) => level !== 'info');
}
