import type { Finding, Level } from '@mcp-dbg/protocol/lint';

interface DoctorRule {
  /** What must hold, in a sentence. */
  readonly title: string;
  readonly level: Level;
}

/** What a doctor looks at beside the rules of the protocol. */
export const DOCTOR_RULES = {
  'start/command': { title: 'The command is there, where the host looks for it', level: 'error' },
  'start/executable': { title: 'The command may be run', level: 'error' },
  'start/interpreter': { title: 'The interpreter is there, and is the right one', level: 'error' },
  'start/folder': { title: 'The folder to run in is there', level: 'error' },
  'start/file': { title: 'The files that the command names are there', level: 'error' },
  'start/module': { title: 'The modules that the server imports are installed', level: 'error' },
  'start/package': { title: 'The package that the command names can be fetched', level: 'error' },
  'start/variable': { title: 'The variables that the server needs are set', level: 'error' },
  'start/permission': { title: 'The server may read and write what it wants to', level: 'error' },
  'start/port': { title: 'The port that the server wants is free', level: 'error' },
  'start/ended': { title: 'The server runs until it is told to end', level: 'error' },
  'start/answer': { title: 'The server answers what it is asked first', level: 'error' },
  'start/system': { title: 'The system can start the server', level: 'error' },
  'start/slow': { title: 'The server is ready before a host loses patience', level: 'warning' },
  'era/probe': { title: 'A server answers a method that it does not know', level: 'warning' },
  'era/legacy': { title: 'Clients of the versions up to 2025-11-25 can use the server', level: 'warning' },
  'end/signal': { title: 'A server ends when it is sent SIGTERM', level: 'warning' },
  'end/children': { title: 'A server takes what it started with it', level: 'warning' },
  'model/schema': { title: "The APIs of models take every tool's schema", level: 'warning' },
  'model/name': { title: "A tool's name is short enough with the server's before it", level: 'warning' },
  'model/count': { title: 'The tools of a server are not more than hosts take', level: 'warning' },
  'http/reach': { title: 'The server can be reached', level: 'error' },
  'http/answer': { title: 'What answers there is an MCP server', level: 'error' },
  'http/sign-in': { title: 'The server lets us in', level: 'error' },
} as const satisfies Readonly<Record<string, DoctorRule>>;

export type DoctorRuleId = keyof typeof DOCTOR_RULES;

/** What one of them says in one case. */
export interface Remark {
  readonly message: string;
  readonly fix: string;
  readonly quote?: string | undefined;
  readonly level?: Level;
}

/** Makes a finding of what a check has to say. */
export function remark(rule: DoctorRuleId, { message, fix, quote, level }: Remark): Finding {
  return {
    rule,
    level: level ?? DOCTOR_RULES[rule].level,
    n: undefined,
    from: 'server',
    message,
    quote,
    fix,
    spec: undefined,
    clients: undefined,
  };
}
