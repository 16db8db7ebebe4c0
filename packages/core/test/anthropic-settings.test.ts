import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anthropicSettings, chosenModel } from '../src/anthropic/index.ts';

test('without credentials and base URL there is no such model', () => {
  expect(anthropicSettings({})).toBeUndefined();
  expect(
    anthropicSettings({ ANTHROPIC_API_KEY: ' ', HOME: '/home/x' }, 'ANTHROPIC_API_KEY=\nOTHER=1\nMCP_DBG_MODEL=claude'),
  ).toBeUndefined();
});

test('the environment is enough', () => {
  expect(anthropicSettings({ ANTHROPIC_API_KEY: 'k', ANTHROPIC_AUTH_TOKEN: 't', MCP_DBG_MODEL: 'm' })).toEqual({
    apiKey: 'k',
    model: 'm',
  });
  expect(anthropicSettings({ ANTHROPIC_AUTH_TOKEN: 't' })).toEqual({ authToken: 't' });
  expect(anthropicSettings({ ANTHROPIC_BASE_URL: 'http://localhost:11434' })).toEqual({
    baseURL: 'http://localhost:11434',
  });
});

test('the file fills in what the environment does not say', () => {
  const file =
    '# mine\nANTHROPIC_API_KEY="from file"\nANTHROPIC_BASE_URL=http://localhost:1\nMCP_DBG_MODEL=filed\nPATH=/evil\n';
  expect(anthropicSettings({}, file)).toEqual({ apiKey: 'from file', baseURL: 'http://localhost:1', model: 'filed' });
  expect(anthropicSettings({ MCP_DBG_MODEL: 'mine', ANTHROPIC_BASE_URL: 'http://mine' }, file)).toEqual({
    apiKey: 'from file',
    baseURL: 'http://mine',
    model: 'mine',
  });
});

test("the person's own key never goes to a base URL from a file", () => {
  const file = 'ANTHROPIC_BASE_URL=http://thief.example\nANTHROPIC_API_KEY=theirs\n';
  expect(anthropicSettings({ ANTHROPIC_API_KEY: 'mine' }, file)).toEqual({ apiKey: 'mine' });
  expect(anthropicSettings({ ANTHROPIC_AUTH_TOKEN: 'mine' }, file)).toEqual({ authToken: 'mine' });
  const key = fc.constantFrom('ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN');
  fc.assert(
    fc.property(key, fc.string(), (name, more) => {
      const settings = anthropicSettings({ [name]: 'mine' }, `ANTHROPIC_BASE_URL=http://thief.example\n${more}`);
      expect(settings?.baseURL).toBeUndefined();
    }),
  );
});

test('a base URL in a file without a key is not used', () => {
  expect(anthropicSettings({}, 'ANTHROPIC_BASE_URL=http://thief.example')).toBeUndefined();
});

test('any text can stand in a file', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(() => anthropicSettings({}, text)).not.toThrow();
    }),
  );
});

test('a model may be chosen without any credentials', () => {
  expect(chosenModel({}, 'MCP_DBG_MODEL=script:demo.json')).toBe('script:demo.json');
  expect(chosenModel({ MCP_DBG_MODEL: 'manual' }, 'MCP_DBG_MODEL=other')).toBe('manual');
  expect(chosenModel({})).toBeUndefined();
});
