import { secretsOfEnvironment } from '@mcp-dbg/capture/redact';
import { expect, it } from 'vitest';

it('chooses the values that are secrets by their names, and the passwords of URLs', () => {
  expect(
    secretsOfEnvironment({
      API_TOKEN: ' s3cret-value ',
      OPENAI_KEY: 'abcdef123',
      DATABASE_URL: 'postgres://me:pa55word@host/db',
      DB_PASSWORD: 'password',
      SHORT_TOKEN: 'abc',
      TOKEN_FILE: '/run/secrets/token',
      API_SECRET: '/run/secrets/api',
      AUTH_TOKEN: 'tools/call',
      PASSWORD: 'postgres',
      PWD: '/home/me',
      HOME: '/home/me',
      MISSING_TOKEN: undefined,
    }),
  ).toEqual([
    { name: 'API_TOKEN', value: 's3cret-value' },
    { name: 'OPENAI_KEY', value: 'abcdef123' },
    { name: 'DATABASE_URL', value: 'pa55word' },
  ]);
});
