import { type OwnEnd, ProxyError, type ProxyOptions, START_FAILURE_CODES, ownEnd } from '@mcp-dbg/proxy';
import { type MakeStage, runRelay } from '@mcp-dbg/relay';
import type { RelayTools } from '@mcp-dbg/relay/tools';

import { Announcer } from '../announcer.ts';
import type { ProxyHold } from '../attach/hold-for-proxy.ts';
import type { HoldRequest, ProxyRequest, RelayRequest } from '../commands/proxy-options.ts';
import { type CrashReporter, crashReporter } from '../crashes/crash-reporter.ts';
import { CliError } from '../exit-code.ts';
import type { FaultRequest } from '../faults/fault-request.ts';
import type { ProxyFaults } from '../faults/faults-for-proxy.ts';
import { failure } from '../proxy-failure.ts';
import { labelOfCommand } from '../label-of-command.ts';
import { type ServerRecording, recordServer } from '../record-server.ts';
import { VERSION } from '../version.ts';
import type { Reloading } from './reloading.ts';

/** A request for a proxy that does more than watch. */
export type RelayedRequest = Extract<ProxyRequest, { readonly kind: 'run' }> & { readonly relay: RelayRequest };

/**
 * Stands in the middle of a client and a server and does what its flags say: keeps the connection when the server ends,
 * starts it anew, holds frames, or puts faults into them. All of it is recorded.
 */
export async function relayedProxy(request: RelayedRequest, onSignal: ProxyOptions['onSignal']): Promise<OwnEnd> {
  const { command, killAfterMs, relay, announce } = request;
  let faults: ProxyFaults | undefined;
  try {
    faults = relay.faults && (await faultsFor(request, relay.faults));
  } catch (error) {
    if (error instanceof CliError) return failure(error.message, undefined, error.detail);
    throw error;
  }
  const announcer = announce ? new Announcer() : undefined;
  const recording = recordServer({ ...request, onFailure: (why) => announcer?.say(why) });
  const crashes = crashesOf(request, recording);
  const tools = relay.tools ? await toolsFor(recording) : undefined;
  const reloads = relay.watch.length > 0 ? await reloadsFor(relay, tools, announcer) : undefined;
  let hold: ProxyHold | undefined;
  try {
    hold = relay.hold && (await holdFor(request, relay.hold, recording));
    if (hold?.trouble !== undefined) announcer?.say(`nothing is held: ${hold.trouble}`);
    if (faults !== undefined) announcer?.say(faults.sentence);
    const wanted = [faults, hold, tools];
    const stages: readonly MakeStage[] = wanted.flatMap((each) => (each === undefined ? [] : [each.stage]));
    const exit = await runRelay({
      command: { argv: command },
      observe: () => {
        reloads?.starting();
        const others = [crashes?.observe(), announcer, tools?.observe()];
        return [...recording.observe(), ...others.filter((each) => each !== undefined)];
      },
      restarts: relay.restarts,
      stages,
      onSignal,
      ...(reloads !== undefined && { onStarted: reloads.begin }),
      ...(killAfterMs !== undefined && { killAfterMs }),
      ...(announcer !== undefined && { onStderr: announcer.onStderr, onNews: announcer.say }),
    });
    return ownEnd(exit);
  } catch (error) {
    if (error instanceof ProxyError) return failure(error.message, START_FAILURE_CODES[error.code]);
    if (error instanceof CliError) return failure(error.message, undefined, error.detail);
    throw error;
  } finally {
    await reloads?.close();
    await hold?.close();
    await announcer?.close();
    await crashes?.close();
    await recording.close();
  }
}

async function faultsFor({ label, command }: RelayedRequest, faults: FaultRequest): Promise<ProxyFaults> {
  const { faultsForProxy } = await import('../faults/faults-for-proxy.ts');
  return faultsForProxy(faults, label ?? labelOfCommand(command), process.cwd());
}

/** Reports stand beside the capture, so there is none without one. */
function crashesOf({ capture, label, command }: RelayedRequest, recording: ServerRecording): CrashReporter | undefined {
  if (capture === false) return undefined;
  const named = label ?? labelOfCommand(command);
  return crashReporter({ capturePath: () => recording.path, command, label: named, version: VERSION });
}

async function holdFor(
  { label, command }: RelayedRequest,
  { filters, holdMs }: HoldRequest,
  recording: ServerRecording,
): Promise<ProxyHold> {
  const { holdForProxy } = await import('../attach/hold-for-proxy.ts');
  const named = label ?? labelOfCommand(command);
  return await holdForProxy({ label: named, capture: () => recording.path, filters, holdMs });
}

async function toolsFor(recording: ServerRecording): Promise<RelayTools> {
  const { relayTools } = await import('@mcp-dbg/relay/tools');
  return relayTools({ capturePath: () => recording.path, version: VERSION });
}

async function reloadsFor(
  { watch, build }: RelayRequest,
  tools: RelayTools | undefined,
  announcer: Announcer | undefined,
): Promise<Reloading> {
  const { reloading } = await import('./reloading.ts');
  return reloading({
    watch,
    replacing: () => tools?.replacing(),
    tell: announcer?.say ?? (() => {}),
    ...(build !== undefined && { build }),
  });
}
