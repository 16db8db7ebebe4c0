import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { argumentsFault } from '../../src/arguments/arguments-fault.ts';
import { jsonFault } from '../../src/arguments/json-faults.ts';
import { fromInspector } from '../../src/inspector-argv.ts';
import { parseArguments } from '../../src/parse-arguments.ts';

const text = { type: 'string' };
const inputSchema = {
  $defs: { Tags: { type: 'array', items: text } },
  type: 'object',
  properties: {
    name: text,
    days: { type: 'integer' },
    on: { type: 'boolean' },
    tags: { $ref: '#/$defs/Tags' },
    sizes: { type: ['array', 'null'], items: { type: 'number' } },
    level: { enum: [1, 2, 'high'] },
    address: { type: 'object', properties: { city: text, zip: text, at: { properties: { lat: { type: 'number' } } } } },
    'a.b': text,
    ['__proto__']: text,
  },
  anyOf: [{ properties: { url: text } }, { properties: { url: { type: 'null' }, port: { type: 'integer' } } }],
  additionalProperties: text,
};

describe('key=value is read by the schema', () => {
  test.each<[readonly string[], string]>([
    [['name=007', 'days=3', 'on=true'], '{"name":"007","days":3,"on":true}'],
    [['name=a=b=', 'name2='], '{"name":"a=b=","name2":""}'],
    [['name={"a":1}', 'other=5'], '{"name":"{\\"a\\":1}","other":"5"}'],
    [['tags=a', 'tags=["b"', 'sizes=1.50', 'sizes=2'], '{"tags":["a","[\\"b\\""],"sizes":[1.5,2]}'],
    [['tags=["a","b"]', 'sizes=null'], '{"tags":["a","b"],"sizes":null}'],
    [['level=1'], '{"level":1}'],
    [['level=high'], '{"level":"high"}'],
    [
      ['address.city=Paris', 'address.at.lat=48.8', 'address.zip=075'],
      '{"address":{"city":"Paris","at":{"lat":48.8},"zip":"075"}}',
    ],
    [['a.b=c', 'no.such=x'], '{"a.b":"c","no.such":"x"}'],
    [['__proto__=x', 'constructor=y'], '{"__proto__":"x","constructor":"y"}'],
    [['url=null', 'port=80'], '{"url":"null","port":80}'],
    [['name:="x"', 'days:=3', 'tags:=[]'], '{"name":"x","days":3,"tags":[]}'],
  ])('%j', (words, json) => {
    const args = parseArguments(words, undefined, inputSchema);
    expect(JSON.stringify(args)).toBe(json);
    expect(Object.getPrototypeOf(args)).toBe(Object.prototype);
  });

  test('a word takes the place of what the JSON says of it, and nothing else', () => {
    const json = '{"address":{"city":"Rome","zip":"1"},"days":1}';
    expect(parseArguments(['address.city=Paris', 'days=2'], json, inputSchema)).toEqual({
      address: { city: 'Paris', zip: '1' },
      days: 2,
    });
  });

  test.each<[readonly string[], string]>([
    [['name=a', 'name=b'], 'name is given twice'],
    [['tags=["a"]', 'tags=b'], 'tags is given twice'],
    [['address={}', 'address.city=x'], 'address.city is given twice'],
    [['address.city=x', 'address:={}'], 'address is given twice'],
    [['tags='], 'tags is a list: tags=ITEM gives it an item, tags:=[] is an empty one'],
    [
      ['days=9007199254740993'],
      'The number 9007199254740993 is too big to be sent exactly; where the tool takes text, send it in quotes',
    ],
    [['days:=1e999'], 'The number 1e999 is too big to be sent exactly; where the tool takes text, send it in quotes'],
    [
      ['sizes=0.12345678901234567890123'],
      'The number 0.12345678901234567890123 cannot be sent exactly, it would become 0.12345678901234568; where the tool takes text, send it in quotes',
    ],
    [['other:={"a":{"b":1,"\\u0062":2}}'], 'The member "b" is given twice in one object'],
    [['name:=x'], 'Cannot read the value of name as JSON: '],
    [['name'], 'Arguments are key=value, key:=json or --args JSON, not "name"'],
    [['=x'], 'Arguments are key=value, key:=json or --args JSON, not "=x"'],
  ])('refused: %j', (words, why) => {
    expect(() => parseArguments(words, undefined, inputSchema)).toThrow(why);
  });

  test('any text comes through as it is where the schema says text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(parseArguments([`name=${value}`], undefined, inputSchema)).toEqual({ name: value });
      }),
    );
  });
});

describe('what JSON would lose', () => {
  test('is nothing of what a program writes', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => jsonFault(JSON.stringify(value)) === undefined));
  });

  test.each(['1.50', '1e23', '100e-2', '-0.0', '5e-324', '1E+2', '"1e999 \\" 9007199254740993"', '[{"a":1},{"a":1}]'])(
    'is nothing of %s',
    (json) => {
      expect(jsonFault(json)).toBeUndefined();
    },
  );

  test.each(['1e-400', '9007199254740993', '{"a":[0.1000000000000000055511151231257827]}', '{"a":1,"a":1}'])(
    'is told of %s',
    (json) => {
      expect(jsonFault(json)).toMatch(/^The (number|member) /);
    },
  );
});

describe('what does not fit', () => {
  const closed = { ...inputSchema, anyOf: undefined, additionalProperties: false };
  test.each<[object, string | undefined]>([
    [{ name: 'x', days: 1 }, undefined],
    [{ days: 'x' }, 'days must be a whole number, not "x"'],
    [{ on: 'yes' }, 'on must be true or false, not "yes"'],
    [{ tags: [1] }, 'tags[0] must be text, not [1]'],
    [{ address: { at: { lat: 'x' } } }, 'address.at.lat must be a number, not {"at":{"lat":"x"}}'],
    [{ level: 3 }, 'level must be one of 1, 2, "high", not 3'],
    [{ nmae: 'x' }, 'There is no argument nmae; did you mean name?'],
  ])('is told by its name: %j', async (args, fault) => {
    expect(await argumentsFault({ ...args }, JSON.parse(JSON.stringify(closed)))).toBe(fault);
  });
});

describe('a command line of the MCP Inspector', () => {
  test.each<[readonly string[], readonly [string, ...string[]] | undefined, string]>([
    [
      ['--cli', 'node', 's.js', '--method', 'tools/call', '--tool-name', 'add', '--tool-arg', 'a=1', 'b=x y'],
      undefined,
      "mcp-dbg call add a=1 'b=x y' --json -- node s.js",
    ],
    [
      ['--method', 'tools/list', '-e', 'K=V', '--protocol-era', 'modern'],
      ['node', 's.js', '-e'],
      'mcp-dbg tools -e K=V --era modern --json -- node s.js -e',
    ],
    [
      ['--cli', 'https://h/mcp', '--method', 'resources/read', '--uri', "it's", '--header', 'A: b'],
      undefined,
      String.raw`mcp-dbg read https://h/mcp 'it'\''s' --header 'A: b' --json`,
    ],
    [
      ['./s.js', '--method', 'logging/setLevel', '--log-level', 'debug'],
      undefined,
      `mcp-dbg raw ./s.js logging/setLevel '{"level":"debug"}'`,
    ],
    [
      ['--server-url', 'http://h/', '--method', 'tools/call', '--tool-name', 't', '--tool-args-json', '{"a":1}'],
      undefined,
      `mcp-dbg call http://h/ t --args '{"a":1}' --json`,
    ],
  ])('is told as one of ours: %j', (argv, command, same) => {
    expect(fromInspector(argv, command)).toBe(same);
  });
});
