import fc from 'fast-check';

/** A config file as somebody may have written it, with the names of its servers. */
export interface WrittenConfig {
  readonly text: string;
  readonly names: readonly string[];
}

const BLANKS = ['', ' ', '  ', '\t'] as const;
const NAMES = [
  'weather',
  'a.b',
  'näme',
  '日本',
  'with space',
  '__proto__',
  'constructor',
  'proxy',
  '"quoted"',
  "it's",
  '-x',
  '0',
];
const WORDS = fc.oneof(
  fc.constantFrom(
    'python3',
    'server.py',
    '--',
    'proxy',
    '',
    ' ',
    '# no comment',
    '// neither',
    '/* nor this */',
    '"""',
    "'''",
    '\\',
    '${X}',
    '[',
    ']',
    '{',
    '}',
    ',',
    '=',
    'é',
    '😀',
    '\u007f',
    '\u202e',
    'a\nb',
    '\r\n',
    '\t',
  ),
  fc.string({ maxLength: 8, unit: 'grapheme' }),
);
/** The whole command of a server; the first word starts something. */
const COMMANDS = fc
  .tuple(fc.constantFrom('python3', 'npx', '/opt/a b/c', 'C:\\x\\y.exe', 'é"\\'), fc.array(WORDS, { maxLength: 4 }))
  .map(([command, args]) => [command, ...args]);

/** Draws one after the other from a stream of numbers that does not end. */
type Draw = <T>(choices: readonly T[]) => T;

function drawing(seeds: readonly number[]): Draw {
  let at = 0;
  return (choices) => {
    const seed = seeds[at++ % seeds.length] ?? 0;
    return choices[(seed + at) % choices.length] as (typeof choices)[number];
  };
}

const LAYOUTS = fc.array(fc.nat(9973), { minLength: 40, maxLength: 60 });
const SERVERS = fc.uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), argv: COMMANDS, hasArgs: fc.boolean() }), {
  minLength: 1,
  maxLength: 3,
  selector: ({ name }) => name,
});

/** JSON with comments, in all layouts that people and programs write. */
export const jsoncConfigs: fc.Arbitrary<WrittenConfig> = fc
  .record({ servers: SERVERS, layout: LAYOUTS })
  .map(({ servers, layout }) => {
    const draw = drawing(layout);
    const newline = draw(['\n', '\r\n', '\n']);
    const comment = (): string =>
      draw(['', '', ' /* "command": "x" */', ` // "args": [1]${newline}`, ' // é 😀 \u202e' + newline]);
    const isDense = draw([true, false, false]);
    const gap = (depth: number): string =>
      isDense ? '' : draw([newline + draw(['  ', '\t', '    ']).repeat(depth), newline + '  '.repeat(depth), ' ']);
    const around = (): string => (isDense ? '' : comment());
    const text = (value: string): string => escaped(value, draw);
    const list = (items: readonly string[], depth: number): string => {
      const inner = items.map((item) => `${gap(depth)}${around()}${text(item)}`).join(`${around()},`);
      return `[${inner}${items.length > 0 ? draw(['', '', ',']) : ''}${draw([gap(depth - 1), around()])}]`;
    };
    const object = (members: readonly (readonly [string, string])[], depth: number): string => {
      const inner = members.map(
        ([key, value]) => `${gap(depth)}${around()}${text(key)}${draw(BLANKS)}:${draw(BLANKS)}${around()}${value}`,
      );
      return `{${inner.join(`${around()},`)}${inner.length > 0 ? draw(['', ',']) : ''}${draw([gap(depth - 1), around()])}}`;
    };
    const entry = ({ argv, hasArgs }: { readonly argv: readonly string[]; readonly hasArgs: boolean }): string => {
      const [command = '', ...args] = argv;
      const members: [string, string][] = [['command', text(command)]];
      if (args.length > 0 || hasArgs)
        members.push(['args', args.length === 0 ? draw(['[]', '[ ]', 'null']) : list(args, 4)]);
      if (draw([true, false]))
        members.push([
          'env',
          object(
            [
              ['command', '"no"'],
              ['KEY', text('sécret')],
            ],
            4,
          ),
        ]);
      if (draw([true, false])) members.push(['disabled', draw(['true', 'false', 'null', '1e5'])]);
      return object(draw([true, false]) ? members : members.toReversed(), 3);
    };
    const own: [string, string][] = [
      [
        'mcpServers',
        object(
          servers.map((each) => [each.name, entry(each)]),
          2,
        ),
      ],
    ];
    const others: [string, string][] = [
      ['theme', '"dark"'],
      ['command', '"x"'],
      ['servers', '{"weather":{"command":1,"args":[]}}'],
    ];
    const root = object(draw([[...others, ...own], [...own, ...others], own]), 1);
    const mark = draw(['', '', '\uFEFF']);
    return {
      text: `${mark}${around()}${root}${draw(['', newline, comment()])}`,
      names: servers.map(({ name }) => name),
    };
  });

/** TOML in all ways to write a table of servers. */
export const tomlConfigs: fc.Arbitrary<WrittenConfig> = fc
  .record({ servers: SERVERS, layout: LAYOUTS })
  .map(({ servers, layout }) => {
    const draw = drawing(layout);
    const newline = draw(['\n', '\r\n', '\n']);
    const blank = (): string => draw(BLANKS);
    const comment = (): string => draw(['', '', ' # command = "x"', ' # é 😀 [', '# "']);
    const line = (text: string): string => `${draw(['', '', '  ', '\t'])}${text}${comment()}${newline}`;
    const text = (value: string): string => tomlText(value, draw);
    const key = (name: string): string =>
      /^[\w-]+$/.test(name) && draw([true, true, false])
        ? name
        : text(name).startsWith('"""')
          ? escaped(name, draw)
          : tomlKey(name, draw);
    const pair = (name: string, value: string): string => `${name}${blank()}=${blank()}${value}`;
    const list = (items: readonly string[], isInline: boolean): string => {
      const gap = (): string => (isInline ? blank() : draw([blank(), newline + blank(), `${comment()}${newline}  `]));
      const inner = items.map((item) => `${gap()}${text(item)}`).join(',');
      return `[${inner}${items.length > 0 ? draw(['', ',']) : ''}${gap()}]`;
    };
    const members = (
      argv: readonly string[],
      hasArgs: boolean,
      isInline: boolean,
    ): readonly (readonly [string, string])[] => {
      const [command = '', ...args] = argv;
      const own: [string, string][] = [['command', text(command)]];
      if (args.length > 0 || hasArgs) own.push(['args', list(args, isInline)]);
      if (draw([true, false])) own.push(['env', `{${blank()}command = "no", "KEY" = '}'${blank()}}`]);
      if (draw([true, false])) own.push(['startup_timeout_sec', draw(['10', '1_000', '0.5', '1979-05-27 07:32:00'])]);
      return draw([true, false]) ? own : own.toReversed();
    };
    const tables = servers.map(({ name, argv, hasArgs }) => {
      const isInline = draw([true, false, false, false]);
      const own = members(argv, hasArgs, isInline);
      if (isInline)
        return {
          inRoot: true,
          text: line(pair(key(name), `{${own.map(([each, value]) => ` ${pair(each, value)}`).join(',')}${blank()}}`)),
        };
      if (draw([true, false]))
        return {
          inRoot: true,
          text: own.map(([each, value]) => line(pair(`${key(name)}${draw(['.', ' . '])}${key(each)}`, value))).join(''),
        };
      const head = line(`[${blank()}${key('mcp_servers')}${blank()}.${key(name)}${blank()}]`);
      const tail = draw(['', line(`[mcp_servers.${key(name)}.tools]`) + line('command = "no"')]);
      return { inRoot: false, text: head + own.map(([each, value]) => line(pair(key(each), value))).join('') + tail };
    });
    const before = draw([
      '',
      line('model = "x"'),
      `text = """${newline}[mcp_servers.weather]${newline}command = 1${newline}"""${newline}`,
    ]);
    const root = tables
      .filter(({ inRoot }) => inRoot)
      .map((table) => table.text)
      .join('');
    const others = tables
      .filter(({ inRoot }) => !inRoot)
      .map((table) => table.text)
      .join(draw(['', newline]));
    const after = draw(['', `[[profiles]]${newline}command = "p"${newline}[[profiles]]${newline}args = []${newline}`]);
    const whole = `${draw(['', '\uFEFF'])}${before}${root === '' ? '' : line('[mcp_servers]') + root}${others}${after}`;
    return { text: draw([true, false]) ? whole : whole.trimEnd(), names: servers.map(({ name }) => name) };
  });

/** A text in double quotes, as JSON and TOML both read it. */
function escaped(value: string, draw: Draw): string {
  const plain = JSON.stringify(value).replaceAll('\u007f', '\\u007f');
  if (value === '' || draw([true, true, false])) return plain;
  const [first = ''] = value;
  const units = Array.from({ length: first.length }, (_, index) => first.charCodeAt(index));
  // TOML takes no halves of pairs.
  if (units.length > 1) return plain;
  return `"\\u${(units[0] ?? 0).toString(16).padStart(4, '0')}${JSON.stringify(value.slice(first.length)).replaceAll('\u007f', '\\u007f').slice(1)}`;
}

function tomlText(value: string, draw: Draw): string {
  const isPlain = !/[\u0000-\u001f\u007f']/.test(value);
  switch (draw(['basic', 'literal', 'long', 'long literal'] as const)) {
    case 'literal':
      return isPlain ? `'${value}'` : escaped(value, draw);
    case 'long literal':
      return isPlain ? `'''${draw(['', '\n'])}${value}'''` : escaped(value, draw);
    case 'long':
      return `"""${draw(['', '\r\n', '\\\n  '])}${escaped(value, draw).slice(1, -1)}"""`;
    case 'basic':
      return escaped(value, draw);
  }
}

function tomlKey(name: string, draw: Draw): string {
  return name.includes("'") || draw([true, false]) ? escaped(name, draw) : `'${name}'`;
}
