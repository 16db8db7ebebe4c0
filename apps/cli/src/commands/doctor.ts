import { basename } from 'node:path';

import { CoreError, type ServerConfig, shownUrl } from '@mcp-dbg/core';
import { maskArgv } from '@mcp-dbg/capture/redact';

import { diagnose } from '../doctor/diagnosis.ts';
import { type DoctorReport, hasFailed } from '../doctor/doctor-report.ts';
import { remark } from '../doctor/doctor-rules.ts';
import { examine } from '../doctor/examine.ts';
import { HOSTS, type HostId } from '../doctor/hosts.ts';
import { jsonReport } from '../doctor/json-report.ts';
import { textReport } from '../doctor/text-report.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { interruption } from '../interruption.ts';
import type { Io } from '../io.ts';
import type { FailOn } from '../lint-report/lint-report.ts';
import { recordSession } from '../record-session.ts';
import { redactFinding, redactorFor } from '../redaction.ts';
import { themeFor } from '../render/theme.ts';
import { type ServerOptions, serversOf } from '../server-options.ts';
import { serverAccess } from '../sign-in/server-access.ts';
import { columnsOf } from '../terminal/size.ts';
import { Watch, type WatchOptions } from '../watch.ts';

/** The options of `doctor`. */
export interface DoctorOptions extends ServerOptions, WatchOptions {
  /** The hosts to stand in for; all unless given. */
  readonly as?: readonly HostId[];
  readonly failOn?: FailOn;
}

/**
 * Starts one server as each host would and explains why it does not work. It calls no tool. Gives the exit code: 1 where
 * a finding is of the level that was asked for, or worse.
 */
export async function doctor(
  io: Io,
  target: string | undefined,
  command: readonly [string, ...string[]] | undefined,
  options: DoctorOptions,
): Promise<number> {
  const failOn = options.failOn ?? 'error';
  const server = await serverOrReason(io, target, command, options);
  const report =
    server instanceof CoreError ? notFound(target ?? '', server, failOn) : await examined(io, server, options, failOn);
  // What stays on this terminal may show all; what goes into files and logs is read by others.
  const redactor = io.terminal.stdout ? undefined : redactorFor(io, []);
  const shared: DoctorReport =
    redactor === undefined
      ? report
      : { ...report, findings: report.findings.map((each) => redactFinding(each, redactor)) };
  const columns = io.terminal.stdout ? columnsOf(io.stdout) : undefined;
  const look = { theme: themeFor(io.terminal.stdout, io.env), columns };
  io.stdout.write(options.json === true ? jsonReport(shared) : textReport(shared, look));
  return hasFailed(report) ? EXIT.bad : EXIT.good;
}

async function examined(io: Io, server: ServerConfig, options: DoctorOptions, failOn: FailOn): Promise<DoctorReport> {
  const hosts = HOSTS.filter(({ id }) => options.as === undefined || options.as.includes(id));
  const recording = await recordSession(options.capture ?? false, server.name, io);
  const watch = new Watch(io, { ...options, json: true });
  using interrupted = interruption(io);
  try {
    const { starts, legacy } = await examine({
      server,
      hosts,
      options,
      world: io,
      signal: interrupted.signal,
      // What was signed in to counts; nobody is sent to a browser by an examination.
      access: serverAccess(io, undefined),
      observe: recording.observe,
      onEvent: (event) => {
        if (event.type !== 'server-waiting') watch.server(event);
      },
      onStep: (what) => watch.waiting(what),
    });
    return {
      server: { name: server.name, command: server.url === undefined ? maskArgv(server.argv) : [shownUrl(server.url)] },
      starts,
      legacy,
      findings: diagnose(server.name, starts, legacy),
      failOn,
    };
  } finally {
    await watch.close();
    recording.close();
  }
}

/** The server that is named, or why there is none: that it is not there is what a doctor is asked about. */
async function serverOrReason(
  io: Io,
  target: string | undefined,
  command: readonly [string, ...string[]] | undefined,
  options: DoctorOptions,
): Promise<ServerConfig | CoreError> {
  try {
    const [config] = await serversOf(target === undefined ? [] : [target], command, options, io, {
      most: 1,
      leavesFolders: true,
    });
    if (config === undefined) throw new CliError('USAGE', 'This command takes one server');
    return asHostsNameIt(config, target);
  } catch (error) {
    if (error instanceof CoreError && error.code === 'BAD_SERVER') return error;
    throw error;
  }
}

/** A command that we found in PATH is named by hosts as it was named to us, and sought in the PATH that they have. */
function asHostsNameIt(config: ServerConfig, target: string | undefined): ServerConfig {
  if (config.url !== undefined) return config;
  const [file, ...others] = config.argv;
  const isCommand =
    config.trusted && target !== undefined && others.length === 0 && file !== target && basename(file) === target;
  return isCommand ? { ...config, argv: [target] } : config;
}

function notFound(target: string, { message }: CoreError, failOn: FailOn): DoctorReport {
  const finding = remark('start/command', {
    message,
    fix: 'Name a script, a program in PATH, or a whole command after --.',
  });
  return {
    server: { name: target, command: [] },
    starts: [],
    legacy: undefined,
    findings: [{ ...finding, hosts: [] }],
    failOn,
  };
}
