import type { ListedTool } from '@mcp-dbg/core';

/**
 * What a tool may do, by its annotations and by what holds where they say nothing (server/tools, "ToolAnnotations": it
 * destroys, and reaches an open world). What a server says that nobody vouches for is told as its words.
 */
export function hintsText({ readOnly, value }: ListedTool, trusted: boolean): string {
  const annotations = value['annotations'];
  const hint = (name: string): boolean | undefined => {
    const told: unknown =
      typeof annotations === 'object' && annotations !== null ? Reflect.get(annotations, name) : undefined;
    return typeof told === 'boolean' ? told : undefined;
  };
  const destroys = hint('destructiveHint');
  const reaches = hint('openWorldHint');
  const said = [
    readOnly ? 'only reads' : destroys === undefined ? undefined : destroys ? 'destroys data' : 'destroys nothing',
    reaches === undefined ? undefined : reaches ? 'reaches the outside world' : 'stays in its own world',
  ].filter((each) => each !== undefined);
  const unsaid = [
    ...(readOnly || destroys !== undefined ? [] : ['may destroy data']),
    ...(reaches === undefined ? ['may reach the outside world'] : []),
  ];
  const told = said.length === 0 || trusted ? said : [`the server says that it ${said.join(' and ')}`];
  return [...told, ...unsaid].join(', ');
}
