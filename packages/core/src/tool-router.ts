import { type ArgumentCheck, argumentCheck } from './argument-check.ts';
import type { ListedTool } from './list-tools.ts';
import type { ToolSpec } from './model.ts';
import type { Supervisor } from './supervisor.ts';
import { type GivenNames, modelToolNames } from './tool-names.ts';
import { adaptSchema } from './tool-schema.ts';

/** A tool under the name by which a model knows it or would, and where its calls go. */
export interface RoutedTool {
  readonly spec: ToolSpec;
  readonly server: Supervisor;
  readonly tool: ListedTool;
  /** Made with the first call, kept as long as the listed tool stays the same. */
  readonly check: () => Promise<ArgumentCheck>;
}

/** The tools of all servers under the names by which a model knows them. */
export interface Routes {
  readonly byName: ReadonlyMap<string, RoutedTool>;
  /** Tools that a model's API would refuse. No model is told of them; a person can call them all the same. */
  readonly leftOut: ReadonlyMap<string, RoutedTool>;
  /** What was changed or left out for the model's sake, each a sentence. */
  readonly warnings: readonly string[];
}

/**
 * Builds the routes from what the servers listed last, sorted by name so that the order never depends on time. The
 * tools of the server called `plain` keep their own names; no name means another tool than it did in `given`.
 */
export function routeTools(servers: readonly Supervisor[], plain?: string, given?: GivenNames): Routes {
  const all = servers.flatMap((server) => server.tools.map((tool) => ({ server, tool })));
  const addresses = all.map(({ server, tool }) => ({ server: server.name, tool: tool.name }));
  const names = modelToolNames(addresses, plain, given);
  const warnings: string[] = [];
  const routed: RoutedTool[] = [];
  const leftOut: RoutedTool[] = [];
  for (const [index, { server, tool }] of all.entries()) {
    const adapted = adaptSchema(tool.inputSchema);
    const name = names[index] ?? tool.name;
    const route = (inputSchema: ToolSpec['inputSchema']): RoutedTool => {
      return { spec: { name, description: tool.description, inputSchema }, server, tool, check: checkOf(tool) };
    };
    const where = `${JSON.stringify(tool.name)} of ${JSON.stringify(server.name)}`;
    if ('refused' in adapted) {
      warnings.push(`The model is not told of the tool ${where}: ${adapted.refused}`);
      leftOut.push(route({ type: 'object' }));
      continue;
    }
    if (adapted.changed.length > 0)
      warnings.push(`The model sees the tool ${where} changed: ${adapted.changed.join('; ')}`);
    routed.push(route(adapted.schema));
  }
  return { byName: byName(routed), leftOut: byName(leftOut), warnings };
}

function byName(routes: readonly RoutedTool[]): ReadonlyMap<string, RoutedTool> {
  const sorted = routes.toSorted((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
  return new Map(sorted.map((route) => [route.spec.name, route]));
}

const checks = new WeakMap<ListedTool, Promise<ArgumentCheck>>();

function checkOf(tool: ListedTool): () => Promise<ArgumentCheck> {
  return () => {
    const known = checks.get(tool);
    if (known !== undefined) return known;
    const made = argumentCheck(tool.inputSchema);
    checks.set(tool, made);
    return made;
  };
}
