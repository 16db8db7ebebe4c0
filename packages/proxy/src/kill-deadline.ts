/** Milliseconds from a signal that ends to SIGKILL: under the 2 s after which MCP clients send SIGKILL to us. */
const KILL_AFTER_MS = 1800;
/** The same where the client ends stdin along with the signal: SDK clients end a probe so, and kill after 1 s. */
const KILL_AFTER_PROBE_MS = 700;
/** How close the end of stdin and the signal must be to count as the end of a probe. */
const PROBE_END_MS = 250;
/** Milliseconds that the last bytes of a killed server may take; with them we still end before the client kills us. */
const LAST_BYTES_MS = 100;

/** What stands between a signal that ends and SIGKILL. */
export interface Deadline {
  callOff(): void;
}

/** What a deadline ends: the server's process group, and the reading of what it left behind. */
interface Ended {
  signal(signal: 'SIGKILL'): unknown;
  readonly stdout: { close(): void };
  readonly stderr: { close(): void };
}

/**
 * Kills the server's group when the client is about to kill us; soon after, gives up what nobody takes. `killAfterMs` are
 * milliseconds that a person chose; `input` says when the client's bytes ended (performance.now; minus infinity before).
 */
export function killDeadline(
  server: Ended,
  input: { endedAt(): number },
  killAfterMs: number | undefined,
  giveUp: () => void,
): Deadline {
  const signalledAt = performance.now();
  const kill = (): void => {
    server.signal('SIGKILL');
    timer = setTimeout(() => {
      server.stdout.close();
      server.stderr.close();
      giveUp();
    }, LAST_BYTES_MS);
  };
  // The signal may come before the end of stdin or after it, so which of the two waits applies is decided later.
  const decide = (): void => {
    const isProbe = Math.abs(signalledAt - input.endedAt()) < PROBE_END_MS;
    if (isProbe) kill();
    else timer = setTimeout(kill, KILL_AFTER_MS - KILL_AFTER_PROBE_MS);
  };
  let timer = killAfterMs === undefined ? setTimeout(decide, KILL_AFTER_PROBE_MS) : setTimeout(kill, killAfterMs);
  return { callOff: () => clearTimeout(timer) };
}
