/** One of the things that may stand at a place, as our tables and the published schemas both can say it. */
export interface Alternative {
  /** `string`, `"a"|"b"`, `whole 0..`, `object` … */
  readonly type: string;
  readonly items?: Outline;
  /** What the members have to be that are not named. */
  readonly values?: Outline;
  readonly members?: ReadonlyMap<string, Member>;
  /** The text, and the member it stands in, that tells this object from others at the same place. */
  readonly label?: { readonly member: string; readonly text: string };
}

export interface Member {
  readonly outline: Outline;
  readonly isRequired: boolean;
}

export type Outline = readonly Alternative[];

/**
 * An outline as sorted lines, one for each place: `params.name: string`, `content[]<image>.annotations?: object`.
 * Objects that a label tells apart are written one by one; others at one place are written as one, whose members are
 * required where each of them requires them.
 */
export function linesOf(outline: Outline, path: string = '', isRequired: boolean = true): readonly string[] {
  const types = [...new Set(outline.map(({ type }) => type))].toSorted();
  const items = outline.flatMap((each) => each.items ?? []);
  const values = outline.flatMap((each) => each.values ?? []);
  const line = `${path}${isRequired ? '' : '?'}: ${types.join(' | ')}`;
  return [
    line,
    ...(items.length > 0 ? linesOf(items, `${path}[]`) : []),
    ...(values.length > 0 ? linesOf(values, `${path}{}`) : []),
    ...objectLines(outline, path),
  ].toSorted();
}

function objectLines(outline: Outline, path: string): readonly string[] {
  const objects = outline.filter(({ members }) => members !== undefined);
  const labels = objects.map(({ label }) => label?.text);
  const isLabelled = new Set(labels).size > 1 && !labels.includes(undefined);
  return [...new Set(isLabelled ? labels : [undefined])].flatMap((label) => {
    const group = objects.filter((each) => label === undefined || each.label?.text === label);
    const at = label === undefined ? path : `${path}<${label}>`;
    const told = isLabelled ? group[0]?.label?.member : undefined;
    return [...merged(group)]
      .filter(([name]) => name !== told)
      .flatMap(([name, member]) => linesOf(member.outline, `${at}.${name}`, member.isRequired));
  });
}

function merged(objects: Outline): ReadonlyMap<string, Member> {
  const all = objects.map(({ members }) => members ?? new Map<string, Member>());
  const names = new Set(all.flatMap((members) => [...members.keys()]));
  return new Map(
    [...names].map((name) => {
      const these = all.map((members) => members.get(name));
      return [
        name,
        {
          outline: these.flatMap((member) => member?.outline ?? []),
          isRequired: these.every((member) => member?.isRequired === true),
        },
      ];
    }),
  );
}
