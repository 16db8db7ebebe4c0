import { dirname } from 'node:path';

import type { Finding } from '@mcp-dbg/protocol/lint';

import { type DoctorRuleId, remark } from '../doctor-rules.ts';
import type { CommandPlace, StartFacts } from '../start-facts.ts';
import { type StderrCause, causeOf } from '../stderr-cause.ts';

/** Why a server did not get as far as a list of its tools; nothing where it did. */
export function checkFailedStart(facts: StartFacts): readonly Finding[] {
  const { outcome } = facts;
  if (outcome.kind !== 'failed') return [];
  switch (outcome.code) {
    case 'COMMAND_MISSING':
      return [facts.command.found === undefined ? commandMissing(facts) : interpreterMissing(outcome.message)];
    case 'NOT_EXECUTABLE':
      return [remark('start/executable', { message: outcome.message, fix: executableFix(facts) })];
    case 'FOLDER_MISSING':
      return [
        remark('start/folder', {
          message: outcome.message,
          fix: 'Make the folder, or name another with --cwd or "cwd".',
        }),
      ];
    case 'START_FAILED':
      return [
        remark('start/system', {
          message: outcome.message,
          fix: 'Read what the system says; it may be out of processes or memory.',
        }),
      ];
    case 'CONNECTION_LOST':
      return [ended(facts)];
    default:
      return [unanswered(facts, outcome.message)];
  }
}

function commandMissing({ command, launch }: StartFacts): Finding {
  const { name } = command;
  if (name.includes('/')) {
    const message = `There is no file ${quote(name)}, sought from the folder ${quote(launch.cwd)}`;
    return remark('start/command', { message, fix: 'Write the whole path of the program, beginning with "/".' });
  }
  return remark('start/command', { message: soughtIn(command), fix: placeFix(command, 'as "command"') });
}

function soughtIn({ name, path, elsewhere }: CommandPlace): string {
  const sought = `${quote(name)} is in no folder of PATH, which is ${path === '' ? 'empty' : quote(path)}`;
  return elsewhere.length === 0 ? sought : `${sought}; it is ${elsewhere.map(quote).join(', ')}`;
}

function placeFix({ name, path, elsewhere: [place] }: CommandPlace, how: string): string {
  if (place === undefined) return `Install ${name}, then write its whole path ${how}; command -v ${name} says it.`;
  const env = `"env": {"PATH": ${quote([dirname(place), path].filter((each) => each !== '').join(':'))}}`;
  return `Write its whole path ${how}, ${quote(place)}; or put its folder into PATH, which what it starts may need too: ${env}.`;
}

function interpreterMissing(message: string): Finding {
  return remark('start/interpreter', {
    message,
    fix: 'Install the interpreter, or name another one before the script.',
  });
}

function executableFix({ command: { found, name } }: StartFacts): string {
  return `Run chmod +x ${found ?? name}, or put the interpreter before it as "command".`;
}

/** The process ended, or closed its pipes, before it had answered. */
function ended(facts: StartFacts): Finding {
  const { processes, paths, launch } = facts;
  const last = processes.at(-1);
  const cause = causeOf(last?.stderr ?? []);
  const how = howItEnded(last?.end);
  if (cause === undefined) {
    const message = `The server ${how} before it answered, and wrote nothing to stderr`;
    return remark('start/ended', {
      message,
      quote: last?.noise[0],
      fix: 'Run the command by itself; it may want an argument such as --stdio, or be no server for stdin and stdout.',
    });
  }
  const [path] = paths;
  if (path !== undefined && cause.kind === 'file') {
    const message = `${quote(path.word)} is sought in ${quote(launch.cwd)}, where the server runs`;
    return remark('start/file', { message, quote: cause.quote, fix: `Write its whole path: ${quote(path.here)}.` });
  }
  const { rule, what, fix } = explained(cause, facts);
  return remark(rule, { message: `The server ${how} before it answered: ${what}`, quote: cause.quote, fix });
}

interface Explained {
  readonly rule: DoctorRuleId;
  readonly what: string;
  readonly fix: string;
}

function explained({ kind, name }: StderrCause, facts: StartFacts): Explained {
  const { launch, command, inner } = facts;
  const program = command.found ?? command.name;
  switch (kind) {
    case 'python-module':
      return {
        rule: 'start/module',
        what: `its Python lacks ${quote(name)}, or has another version of it`,
        fix: pythonFix(name, facts),
      };
    case 'node-module':
      return {
        rule: 'start/module',
        what: `the npm package ${quote(name)} is not installed beside it`,
        fix: "Run npm install in the server's folder.",
      };
    case 'package':
      return {
        rule: 'start/package',
        what: `the package${name === '' ? '' : ` ${quote(name)}`} cannot be fetched or has no program`,
        fix: 'Check the spelling of the package, its version, and whether a registry can be reached from here.',
      };
    case 'file':
      return {
        rule: 'start/file',
        what: `${name === '' ? 'a file' : quote(name)} is not there; it ran in ${quote(launch.cwd)}`,
        fix: 'Write whole paths, in the arguments and in what the server reads: hosts run it in other folders than your shell.',
      };
    case 'command': {
      const place = inner ?? { name, path: launch.env['PATH'] ?? '', found: undefined, elsewhere: [] };
      return { rule: 'start/command', what: soughtIn(place), fix: placeFix(place, 'where it is named') };
    }
    case 'interpreter':
      return {
        rule: 'start/interpreter',
        what: `${quote(program)} is not the interpreter for it, or too old`,
        fix: interpreterFix(program),
      };
    case 'variable':
      return { rule: 'start/variable', what: `the variable ${name} is not set`, fix: variableFix(name, facts) };
    case 'permission':
      return {
        rule: 'start/permission',
        what: `it may not use ${name === '' ? 'a file or a folder' : quote(name)}; it ran in ${quote(launch.cwd)}`,
        fix: 'Let it write into a folder of yours, by its whole path: in some hosts the current folder is /.',
      };
    case 'port':
      return {
        rule: 'start/port',
        what: `the port${name === '' ? '' : ` ${name}`} that it wants is taken, perhaps by another copy of it`,
        fix: 'End the other program, or have the server listen on stdin and stdout alone.',
      };
    case 'other':
      return {
        rule: 'start/ended',
        what: 'its stderr says why',
        fix: 'Mend what the server says; --verbose shows all of it.',
      };
  }
}

function pythonFix(module: string, { pythons, command: { found, name } }: StartFacts): string {
  const [python] = pythons;
  const install = `${found ?? name} -m pip install ${module.split('.')[0] ?? module}`;
  return python === undefined
    ? `Install it for that Python, with a command such as ${install}; or name the Python of the virtual environment that has it.`
    : `Name the Python of the virtual environment as "command": ${quote(python)}; or install it for the other: ${install}.`;
}

function interpreterFix(program: string): string {
  if (/python[\d.]*$/.test(program))
    return 'Name the right Python as "command", with its whole path; python3 --version says which one it is.';
  if (/(?:node|npx|npm|tsx)$/.test(program))
    return 'Name a newer Node as "command", with its whole path; .ts needs Node 22.18 or tsx, and import needs .mjs or "type": "module".';
  return 'Name the right interpreter before the script, with its whole path.';
}

function variableFix(name: string, { known, launch }: StartFacts): string {
  const where = `Put it into the configuration: "env": {"${name}": "…"}; here -e ${name}=… does the same.`;
  return known.has(name) && launch.env[name] === undefined
    ? `It is set here, and not handed on there. ${where}`
    : where;
}

/** It lives, and does not say what is needed. */
function unanswered({ processes, outcome }: StartFacts, message: string): Finding {
  const last = processes.at(-1);
  const said = [...(last?.stderr ?? []), ...(last?.noise ?? [])];
  const url = said.find((line) => /\bhttps?:\/\/|\blisten(?:s|ing)? on|\bserving on|Uvicorn running/i.test(line));
  if (url !== undefined && outcome.kind === 'failed' && outcome.code === 'TIMEOUT')
    return remark('start/answer', {
      message: 'The server did not answer on stdout, and seems to serve HTTP instead',
      quote: url.trim().slice(0, 300),
      fix: 'Start it for stdio, often with --stdio or --transport stdio; or name its URL instead of a command.',
    });
  const isSilent = outcome.kind === 'failed' && outcome.code === 'TIMEOUT';
  const fix = isSilent
    ? 'Check that it reads JSON-RPC from stdin and flushes its stdout; load what takes long after the handshake.'
    : 'Answer as the specification says; --verbose shows the wire.';
  return remark('start/answer', { message, quote: causeOf(last?.stderr ?? [])?.quote, fix });
}

function howItEnded(
  end: { readonly code: number | null; readonly signal: string | null; readonly closed?: string } | undefined,
): string {
  if (end === undefined) return 'ended';
  if (end.signal !== null) return `was ended by ${end.signal}`;
  return end.code === null ? `closed its ${end.closed ?? 'stdout'}` : `ended with exit code ${end.code}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
