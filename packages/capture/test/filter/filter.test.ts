// Long because it is a table: each filter with what it means or what is wrong with it.
import { compileFilter, FILTER_KEYS, type FilterSubject, parseFilter } from '@mcp-dbg/capture';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { filterTree } from './arbitrary-filter.ts';
import { LOG, subject, type Told } from './subjects.ts';

const ALL = Object.keys(LOG);
const without = (...names: readonly string[]): readonly string[] => ALL.filter((name) => !names.includes(name));
const found = (filter: string): readonly string[] => {
  const { matches } = compileFilter(parseFilter(filter));
  return ALL.filter((name) => matches(LOG[name] as FilterSubject));
};
const finds = (filter: string, told: Told): boolean => compileFilter(parseFilter(filter)).matches(subject(told));

describe('a filter finds', () => {
  it.each<[string, readonly string[]]>([
    ['', ALL],
    ['   ', ALL],
    // words
    ['forecast', ['rain', 'twice']],
    ['FORECAST', []],
    ['paris', ['rain']],
    ['Paris', ['rain']],
    ['PARIS', []],
    ['traceback', ['trace']],
    ['"Rain and \\"more rain\\""', ['rain']],
    ['Zürich', ['failed']],
    ['zÜRICH', []],
    ['tools/call', ['rain', 'failed', 'twice']],
    ['req.tools/call', ['rain', 'failed']],
    ['res.rain', ['rain']],
    ['req.rain', []],
    ['file:///etc', ['refused']],
    ['np.models', []],
    ['"np models"', ['noise']],
    // regular expressions
    ['/no (tag|such)/', ['failed', 'refused']],
    ['/NO TAG/', []],
    ['/NO TAG/i', ['failed']],
    ['req./"id":7/', ['rain']],
    ['res./"id":7/', ['rain', 'twice']],
    ['res./^/', ['discover', 'rain', 'failed', 'refused', 'off', 'orphan', 'twice', 'batch']],
    ['/tools\\\\\\/call/', ['failed']],
    // and, or, not
    ['tool:search or tool:get_forecast is:request', ['rain', 'failed']],
    ['(tool:search or tool:get_forecast) is:ok', ['rain', 'twice']],
    ['method:tools/call and tool:search', ['failed']],
    ['method:tools/call -tool:search', ['rain', 'twice']],
    ['method:tools/call not (is:ok or is:tool-error)', []],
    ['NOT is:event AND NOT is:stderr', without('opened', 'fault', 'trace')],
    ['not not is:noise', ['noise']],
    ['-(-is:noise)', ['noise']],
    // words of is:, from:, kind:, status:
    ['is:req', ['discover', 'rain', 'failed', 'refused', 'waiting', 'lost', 'off']],
    ['is:request', ['discover', 'rain', 'failed', 'refused', 'waiting', 'lost', 'off']],
    ['is:res', ['orphan', 'twice']],
    ['is:ntf', ['progress']],
    ['is:notification', ['progress']],
    ['is:response', ['orphan', 'twice']],
    ['is:batch,noise,stderr,event', ['opened', 'noise', 'batch', 'fault', 'trace']],
    ['is:error', ['refused']],
    ['is:toolerror', ['failed']],
    ['is:error,tool-error', ['failed', 'refused']],
    ['is:pending', ['waiting']],
    ['is:lost', ['lost']],
    ['is:cancelled', ['off']],
    ['is:orphan', ['orphan']],
    ['is:late', ['off', 'twice']],
    ['is:slow', ['rain', 'off']],
    ['is:probe', ['discover']],
    ['is:injected', ['batch', 'fault']],
    ['is:fault', ['fault']],
    ['from:server', ['noise', 'orphan', 'twice', 'progress']],
    ['from:stderr', ['trace']],
    ['kind:notification,batch', ['progress', 'batch']],
    ['status:lost,pending', ['waiting', 'lost']],
    // patterns
    ['method:tools/*', ['rain', 'failed', 'lost', 'off', 'twice']],
    ['method:*/*l*', ['rain', 'failed', 'lost', 'off', 'twice']],
    ['method:*s/c*ll', ['rain', 'failed', 'twice']],
    ['method:tools', []],
    ['method:Tools/list', []],
    ['method:"tools/*"', []],
    ['tool:*', ['rain', 'failed', 'twice']],
    ['tool:search,get_*', ['rain', 'failed', 'twice']],
    ['server:weather', ['rain']],
    // numbers, ids, eras
    ['id:7', ['rain', 'failed', 'twice']],
    ['id:"7"', ['failed']],
    ['id:1*', ['waiting', 'lost', 'off']],
    ['n:3', ['rain']],
    ['n:3..5', ['rain', 'failed', 'refused']],
    ['n:..2', ['noise', 'discover']],
    ['n:11..', ['progress', 'batch']],
    ['n:1,12', ['noise', 'batch']],
    ['conn:2', ['refused']],
    ['code:-32602', ['refused']],
    ['code:-32601,-32602', ['refused', 'batch']],
    ['era:modern', ['discover', 'rain']],
    ['era:legacy', ['failed', 'refused']],
    ['era:2026-07-28', ['discover', 'rain']],
    ['era:2025-*', ['failed', 'refused']],
    // durations, sizes, times
    ['slower:1s', ['rain', 'off']],
    ['slower:200ms', ['rain', 'failed', 'off']],
    ['slower:0.5m', ['off']],
    ['faster:200ms', ['discover', 'refused', 'batch']],
    ['faster:1800us', []],
    ['larger:0.4k', ['rain']],
    ['req.larger:400', []],
    ['res.larger:400b', ['rain']],
    ['larger:0', without('opened')],
    ['smaller:36', ['noise', 'trace']],
    ['res.smaller:40', ['orphan', 'twice']],
    ['after:21s', ['batch', 'fault', 'trace']],
    ['before:203ms', ['opened', 'noise']],
    ['after:2026-11-20T20:40:21Z', ['batch', 'fault', 'trace']],
    ['after:2026-11-20T20:40:21.5', ['fault', 'trace']],
    ['after:2026-11-20T21:40:22+01:00', ['trace']],
    ['before:2026-11-20', []],
    ['before:2026-11-21', ALL],
    // findings
    ['level:error', ['refused']],
    ['level:info', []],
    ['rule:stdio/*', ['refused']],
    ['rule:rpc/error-code level:warning', ['refused']],
    // comparisons
    ['params.arguments.city=Paris', ['rain']],
    ['params.arguments.city=paris', ['rain']],
    ['params.arguments.city=P*', ['rain']],
    ['params.arguments.city="P*"', []],
    ['params.arguments.city!=Rome', ['rain']],
    ['params.arguments.city!=Paris', []],
    ['params.arguments.city~ARI', []],
    ['params.arguments.city~ari', ['rain']],
    ['params.arguments.city~/^p.*s$/i', ['rain']],
    ['params.arguments~paris', ['rain']],
    ['params.arguments.days=3', ['rain']],
    ['params.arguments.days="3"', []],
    ['params.arguments.days>2', ['rain']],
    ['params.arguments.days>=3', ['rain']],
    ['params.arguments.days<3', []],
    ['params.arguments.unit=null', ['rain']],
    ['params.arguments.unit!=null', []],
    ['params.arguments.*=3', ['rain']],
    ['params.total=10', ['progress']],
    ['params.total>9', []],
    ['params.progress<1', ['progress']],
    ['params."a.b"[0][1]=2', ['refused']],
    ['params."a.b"[][]=3', ['refused']],
    ['params."a.b".1.0=3', ['refused']],
    ['params."a.b"[*]=3', []],
    ['params.cursor=abc', ['batch']],
    ['result.isError=true', ['failed']],
    ['result.content[].text~rain', ['rain']],
    ['result.content[0].type=image', ['rain']],
    ['result.content.[].type!=image', ['failed']],
    ['result=x', ['orphan']],
    ['result=null', ['twice']],
    ['error.code<=-32600', ['refused', 'batch']],
    ['error.message~/such/', ['refused']],
    ['msg.id=7', ['rain', 'failed', 'twice']],
    ['req.msg.id="7"', ['failed']],
    ['res.msg.id=7', ['rain', 'failed', 'twice']],
    ['req.result=*', []],
  ])('%s', (filter, names) => {
    expect(found(filter)).toEqual(names);
  });
});

describe('a word', () => {
  it.each([
    ['Zürich', '"Z\\u00fcrich"'],
    ['Zürich', '"Z\\u00FCrich"'],
    ['zürich', '"Z\\u00dcRICH"'],
    ['a/b', '"a\\/b"'],
    ['"<b>"', '"\\u003cb\\u003E"'],
    ['"a\\\\b"', '"a\\\\b"'],
    ['"say \\"hi\\""', '"say \\"hi\\""'],
    ['"😀"', '"\\ud83d\\uDE00"'],
    ['"a\tb"', '"a\\tb"'],
    ['"a.b"', '"a.b"'],
  ])('%s is found in %s, in whichever way JSON spells it', (word, req) => {
    expect(finds(word, { req })).toBe(true);
  });

  it('is found in the JSON of any text that holds it', () => {
    const texts = fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 1 }), fc.string());
    fc.assert(
      fc.property(texts, ([before, word, after]) => {
        const filter = compileFilter({ kind: 'word', side: undefined, text: word });
        expect(filter.matches(subject({ req: JSON.stringify(before + word + after) }))).toBe(true);
      }),
    );
  });

  it('means itself, whatever its characters mean in a regular expression', () => {
    expect(finds('"a.b(c)[d]*+?^$|{e}"', { req: 'a.b(c)[d]*+?^$|{e}' })).toBe(true);
    expect(finds('a.b', { req: 'axb' })).toBe(false);
  });
});

describe('a regular expression', () => {
  it('sees the first MiB of a side only', () => {
    expect(finds('/end/', { req: `${'x'.repeat(1024 * 1024 - 3)}end` })).toBe(true);
    expect(finds('/end/', { req: `${'x'.repeat(1024 * 1024 - 2)}end` })).toBe(false);
    const req = JSON.stringify({ params: ['x'.repeat(1024 * 1024), 'end'].toReversed() });
    expect(finds('params~/end/', { req })).toBe(false);
    expect(finds('params[]~/end/', { req })).toBe(true);
  });

  it('that asks too much of the engine finds nothing, and breaks nothing', () => {
    expect(finds('/^([ab])*c/', { req: 'ab'.repeat(400_000) })).toBe(false);
  });
});

describe('compileFilter', () => {
  it.each([
    ['', ''],
    ['method:tools/call slower:1s', ''],
    ['is:error', ''],
    ['is:late or req.larger:10k -n:3', ''],
    ['forecast', 'text'],
    ['is:ok /x/', 'text'],
    ['code:-32602', 'value'],
    ['-params.x=1', 'value'],
    ['level:error', 'findings'],
    ['not (rule:a or params.x~/b/ word)', 'text value findings'],
  ])('says for %j that it needs %j', (filter, needs) => {
    const said = Object.entries(compileFilter(parseFilter(filter)).needs);
    expect(said.flatMap(([need, isNeeded]) => (isNeeded ? [need] : [])).join(' ')).toBe(needs);
  });

  it('calls nothing of a subject but what it needs, and never throws', () => {
    fc.assert(
      fc.property(filterTree, fc.constantFrom(...ALL), (tree, name) => {
        const { matches, needs } = compileFilter(tree);
        const given = LOG[name] as FilterSubject;
        const refuse = (): never => {
          throw new Error('not needed');
        };
        const narrow = {
          ...given,
          ...(!needs.text && { text: refuse }),
          ...(!needs.value && { value: refuse }),
          ...(!needs.findings && { findings: refuse }),
        };
        expect(matches(narrow)).toBe(matches(given));
      }),
    );
  });

  it('answers for any message, however it is made', () => {
    const deep = `${'['.repeat(200_000)}1${']'.repeat(200_000)}`;
    const odd = [
      '{"params":{"__proto__":1,"constructor":null}}',
      '[]',
      '[[],null,3]',
      'null',
      '{"error":"x"}',
      '',
      '\u0000',
    ];
    for (const req of [deep, `{"params":${deep}}`, ...odd]) {
      fc.assert(
        fc.property(filterTree, (tree) => {
          expect(compileFilter(tree).matches(subject({ req, res: req }))).toBeTypeOf('boolean');
        }),
        { numRuns: 10 },
      );
    }
    expect(finds('params~1', { req: `{"params":${deep}}` })).toBe(true);
    expect(finds('params.__proto__=1', { req: odd[0] as string })).toBe(true);
    expect(finds('params.toString!=1', { req: odd[0] as string })).toBe(false);
  });

  it('asks first what costs least', () => {
    const asked: string[] = [];
    const watched: FilterSubject = {
      ...subject({}),
      text: () => (asked.push('text'), ''),
      value: () => (asked.push('value'), undefined),
      findings: () => (asked.push('findings'), []),
    };
    for (const filter of ['word params.x=1 rule:a is:error', 'level:info or params.x=1 or word or is:request']) {
      compileFilter(parseFilter(filter)).matches(watched);
    }
    expect(asked).toEqual([]);
    compileFilter(parseFilter('level:info or params.x=1 or word')).matches(watched);
    expect([...new Set(asked)]).toEqual(['text', 'value', 'findings']);
  });

  it('gives the opposite for "not", and joins as logic does', () => {
    fc.assert(
      fc.property(filterTree, filterTree, fc.constantFrom(...ALL), (one, other, name) => {
        const a = compileFilter(one).matches(LOG[name] as FilterSubject);
        const b = compileFilter(other).matches(LOG[name] as FilterSubject);
        if (one.kind === 'all' || other.kind === 'all') return;
        const says = (tree: Parameters<typeof compileFilter>[0]): boolean =>
          compileFilter(tree).matches(LOG[name] as FilterSubject);
        expect(says({ kind: 'not', term: one })).toBe(!a);
        expect(says({ kind: 'and', terms: [one, other] })).toBe(a && b);
        expect(says({ kind: 'or', terms: [one, other] })).toBe(a || b);
      }),
    );
  });

  it('refuses a tree that no filter has', () => {
    const value = { kind: 'text', text: 'nonsense', isQuoted: false } as const;
    expect(() => compileFilter({ kind: 'key', side: undefined, key: 'is', values: [value] })).toThrow(
      expect.objectContaining({ code: 'BAD_FILTER' }),
    );
    expect(() => compileFilter({ kind: 'regex', side: undefined, source: '(', ignoreCase: false })).toThrow(
      expect.objectContaining({ code: 'BAD_FILTER' }),
    );
  });
});

describe('FILTER_KEYS', () => {
  it.each(FILTER_KEYS.map((key) => [key.name, key] as const))('has an example of %s that can be read', (name, key) => {
    expect(parseFilter(key.example)).toMatchObject({ kind: 'key', key: name });
    expect(key.value === 'word').toBe(key.words.length > 0);
  });

  it('lists every word once, with a meaning, and reads it in each way', () => {
    for (const { name, words } of FILTER_KEYS) {
      const ways = words.flatMap((word) => [word.name, ...word.also]);
      expect(new Set(ways).size).toBe(ways.length);
      for (const way of ways) expect(parseFilter(`${name}:${way}`)).toMatchObject({ key: name });
    }
  });
});
