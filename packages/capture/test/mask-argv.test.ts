import { maskArgv } from '@mcp-dbg/capture/redact';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const masked = (...argv: readonly string[]): string => maskArgv(argv).join(' ');

describe('maskArgv', () => {
  it.each([
    [['--token=s3cret'], '--token=***'],
    [['--api-key', 's3cret', 'x'], '--api-key *** x'],
    [['-e', 'OPENAI_API_KEY=s3cret'], '-e OPENAI_API_KEY=***'],
    [['--env=DB_PASSWORD=s3=cret'], '--env=DB_PASSWORD=***'],
    [['GITHUB_PAT=s3cret'], 'GITHUB_PAT=***'],
    [['AWS_SECRET_ACCESS_KEY=s3cret'], 'AWS_SECRET_ACCESS_KEY=***'],
    [['-H', 'Authorization: Basic s3cret'], '-H Authorization: Basic ***'],
    [['--header=X-Api-Key: s3cret'], '--header=X-Api-Key: ***'],
    [['--header', 'X: Bearer s3crets3cret'], '--header X: Bearer ***'],
    [['postgres://me:s3cret@host/db'], 'postgres://***@host/db'],
    [['--url=https://s3cret@host/?a=1&token=s3cret&b=2'], '--url=https://***@host/?a=1&token=***&b=2'],
    [
      ['--password=s3 cr,et', '--db.pass="s3 cret"', 'DB_PASSWORD=s3 # cret'],
      '--password=*** --db.pass="***" DB_PASSWORD=***',
    ],
    [['--auth=s3cret', '--key', 's3cret', 'https://h/?key=s3cret&a=1'], '--auth=*** --key *** https://h/?key=***&a=1'],
    [['-c', 'import os; TOKEN="s3cret"; x = 1'], '-c import os; TOKEN="***"; x = 1'],
    [
      ['{"env":{"pin_token":1234}}', 'https://h/?u=a%3Ftoken%3Ds3cret'],
      '{"env":{"pin_token":"***"}} https://h/?u=a%3Ftoken%3D***',
    ],
    [['--token=ü s3cret', 'ü', '***', '--token', '***'], '--token=*** ü *** --token ***'],
    [['{"url":"u","apiKey":"s3\\"cret"}'], '{"url":"u","apiKey":"***"}'],
  ])("masks the value that has a secret's name in %j", (argv, expected) => {
    expect(masked(...argv)).toBe(expected);
  });

  it.each([
    'sk-ant-api03-s3cret_s3cret',
    'sk_live_s3crets3cret',
    'ghp_s3crets3crets3cret',
    'github_pat_s3crets3cret',
    'glpat-s3crets3cret',
    'xoxb-123-s3cret-s3cret',
    'AKIAS3CRETS3CRETS3',
    'AIzas3crets3crets3crets3cret',
    'eyJhbGciOi.eyJzdWIiOi.s3cret',
  ])('masks a word in the shape of a key: %s', (word) => {
    expect(masked('node', word, `x=${word}`)).toBe('node *** x=***');
  });

  it.each([
    ['python3', '/srv/tokenizer/server.py', '--port=8080', '--max-tokens', '500'],
    ['npx', '-y', '@scope/server-filesystem@1.2.3', '/home/me/keys'],
    ['node', 'server.js', 'https://host:8080/path?monkey=1', '--author=me', 'C:\\x\\y', 'a:b'],
    ['--api-key', '--verbose'],
  ])('leaves the rest alone: %s', (...argv) => {
    expect(maskArgv(argv)).toEqual(argv);
  });

  it('masks nothing more when it masks again', () => {
    const word = fc.constantFrom(
      '--token',
      '--key=a b',
      'A_KEY=x',
      '{"token":1}',
      'Authorization: Bearer abc1',
      'x',
      '***',
    );
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        expect(maskArgv(maskArgv(argv))).toEqual(maskArgv(argv));
      }),
    );
  });

  it('keeps the number of words and never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (argv) => {
        expect(maskArgv(argv)).toHaveLength(argv.length);
      }),
    );
  });
});
