import type { SeenServer } from '../servers/see-server.ts';
import { code, table } from './table.ts';

/** What a run of `servers-table` kept. */
interface KeptRun {
  readonly at: string;
  readonly node: string;
  readonly servers: readonly SeenServer[];
}

const HEAD = ['server', 'era', 'tools', 'resources', 'prompts', 'start', 'processes', 'ends'];

/** When it was run, and a row for each server. Takes the document that `servers-table` keeps. */
export function serversTable(json: string): string {
  const { at, node, servers } = JSON.parse(json) as KeptRun;
  const fromNpm = servers.filter(({ from }) => from === 'npm').length;
  const rows = servers.map((seen) => [
    `${code(seen.name)} ${seen.version}${seen.from === 'npm' ? '' : ` (${seen.from})`}`,
    `${seen.era}, ${seen.protocolVersion}`,
    String(seen.tools),
    seen.resourceTemplates === 0 ? String(seen.resources) : `${seen.resources} + ${seen.resourceTemplates} templates`,
    String(seen.prompts),
    `${seen.startMs} ms`,
    String(seen.starts),
    seen.end === 'by itself' ? 'with its input' : `by ${seen.end}`,
  ]);
  const origin = `${fromNpm} from npm, ${servers.length - fromNpm} from PyPI`;
  return `Run on ${at} with Node ${node.slice(1)}: **${servers.length} servers**, ${origin}.\n\n${table(HEAD, rows)}`;
}
