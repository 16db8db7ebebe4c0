import { maskArgv } from '@mcp-dbg/capture/redact';
import { describe, expect, it } from 'vitest';

import { placeholders, redacted, redactor, shortened } from './redacting.ts';

const short = (line: string): string => shortened(redacted(line));

describe('Redactor, in text', () => {
  it.each([
    ['API_KEY=s3cret', 'API_KEY=<api-key>'],
    ['export DB_PASSWORD=s3cret and more # why', 'export DB_PASSWORD=<db-password> # why'],
    [
      '{"text":"A=1\\nAPI_KEY=s3cret\\nDB_PASSWORD=\'s3 cr\'\\n"}',
      '{"text":"A=1\\nAPI_KEY=<api-key>\\nDB_PASSWORD=\'<db-password>\'\\n"}',
    ],
    ['Authorization: Bearer s3cret', 'Authorization: Bearer <authorization>'],
    ['Cookie: a=s3cret; b=s3cr3t\r\n', 'Cookie: <cookie>\r\n'],
    ["curl -H 'X-Api-Key: s3cret' https://x", "curl -H 'X-Api-Key: <x-api-key>' https://x"],
    ['GET /a?token=s3cret&b=2', 'GET /a?token=<token>&b=2'],
    ['Server=x;User Id=sa;Password=s3 cret;Timeout=3', 'Server=x;User Id=sa;Password=<password>;Timeout=3'],
    ['Server=x; Password=s3 cret; Timeout=3', 'Server=x; Password=<password>; Timeout=3'],
    ['AccountName=n;AccountKey=czNjcmV0+/==;x=y', 'AccountName=n;AccountKey=<account-key>;x=y'],
    ['login failed (password=s3cret).', 'login failed (password=<password>).'],
    ['got {"password": "s3cret", "pin_token": 12}', 'got {"password": "<password>", "pin_token": "<pin-token>"}'],
    ["{'password': 's3cret', 'n': 1}", "{'password': '<password>', 'n': 1}"],
    ['log: "{\\"secret\\":\\"s3\\\\\\"cret\\"}" end', 'log: "{\\"secret\\":\\"<secret>\\"}" end'],
    ['{"password":"s3cret, cut o', '{"password":"<password>'],
    ['run --api-key s3cret --verbose', 'run --api-key <api-key> --verbose'],
    ['<clientSecret>s3cret</clientSecret>', '<clientSecret><client-secret></clientSecret>'],
    ['config["api_key"] = "s3cret"', 'config["api_key"] = "<api-key>"'],
    ["'token' => b's3cret',", "'token' => b'<token>',"],
    ['a=1&access_token%3Ds3%2526cret%26b%3D2', 'a=1&access_token%3D<access-token>%26b%3D2'],
    ['next=%2Fa%3Fb%3D1%26token%3Ds3cret&c=2', 'next=%2Fa%3Fb%3D1%26token%3D<token>&c=2'],
    ['%2526token%253Ds3%26cret%2526a', '%2526token%253D<token>%2526a'],
    ['q=%7B%22password%22%3A%22s3cret%22%7D', 'q=%7B%22password%22%3A%22<password>%22%7D'],
    ['smtp:\n  user: me\n  pass: hunter\n', 'smtp:\n  user: me\n  pass: <pass>\n'],
    ['a; API_KEY=s3cret # DB_PASSWORD="s3 cr3t"', 'a; API_KEY=<api-key>"<db-password>"'],
    ["{'user': 'a', 'pass': 'hunter, 2'}", "{'user': 'a', 'pass': '<pass>'}"],
    ['GET /a?user=b&pass=hunter&n=1', 'GET /a?user=b&pass=<pass>&n=1'],
    ['curl --pass hunter', 'curl --pass <pass>'],
    ['Mcp-Session-Id: 0f9c\r\n', 'Mcp-Session-Id: <mcp-session-id>\r\n'],
    ["-H 'Mcp-Session-Id: 0f9c'", "-H 'Mcp-Session-Id: <mcp-session-id>'"],
    ['/file?signature=q0Zr3v8Xl2m9Kd7Tn5Wb1Yc4&a=1', '/file?signature=<signature>&a=1'],
    ['got tokens=["s3cret", "s3cr3t"] there', 'got tokens=["<tokens>", "<tokens>"] there'],
  ])('replaces what stands behind a secret name: %s', (line, expected) => {
    expect(short(line)).toBe(expected);
  });

  it.each([
    ['postgres://me:s3cret@host/db', 'postgres://<url-login>@host/db'],
    ['https:\\/\\/me:s3cret@host', 'https:\\/\\/<url-login>@host'],
    ['x Bearer s3crets3cret', 'x Bearer <authorization>'],
    ['x Basic bWU6czNjcmV0', 'x Basic <authorization>'],
    ['a eyJhbGciOi.eyJzdWIiOi.s3cret b', 'a <jwt> b'],
    ['sk-ant-api03-s3cret_s3cret', '<api-key>'],
    ['rk_live_s3crets3cret', '<stripe-key>'],
    ['(ghp_s3crets3crets3cret)', '(<github-token>)'],
    ['line\\nghp_s3crets3crets3cret', 'line\\n<github-token>'],
    ['glpat-s3crets3crets3cret', '<gitlab-token>'],
    ['npm_s3cretS3CRETs3cret12', '<npm-token>'],
    ['hf_s3cretS3CRETs3cret', '<huggingface-token>'],
    ['xoxb-123-s3cret-s3cret', '<slack-token>'],
    ['https://hooks.slack.com/services/T0/B0/s3crets3cret', 'https://<slack-webhook>'],
    ['AKIAS3CRETS3CRETS3', '<aws-key>'],
    ['AIzas3crets3crets3crets3cret', '<google-key>'],
    ['ya29.s3crets3cret', '<google-token>'],
    ['-----BEGIN EC PRIVATE KEY-----\\nczNjcmV0\\n-----END EC PRIVATE KEY-----\\n', '<private-key>\\n'],
    ['-----BEGIN PRIVATE KEY----- czNjcmV0', '<private-key>'],
    ['{"pem":"-----BEGIN PRIVATE KEY-----\\nczNjcmV0\\n-----END PRIVATE KEY-----\\n"}', '{"pem":"<private-key>\\n"}'],
  ])('replaces the known shapes of secrets: %s', (line, expected) => {
    expect(short(line)).toBe(expected);
  });

  it.each([
    'Args:\n    password: The password of the user\n    token: optional\n',
    'a risk-free task-list of sk-learn-examples, Basic usage, bearer of news',
    'password: null, token=$(cat file) secret: ${SECRET} api_key=<your-key> --token=***',
    'PWD=/home/me OLDPWD=/ TOKENIZERS_PARALLELISM=false PUBLIC_KEY=abc token_type: bearer',
    'https://host:8080/path?monkey=1 and me@example.org',
    'PASS: test_login\n--- PASS: TestLogin2 (0.00s)\nFirst pass: done\n# pass 12, pass=3, "pass": 4\n',
    'tokens: 512, signature: convertToBase64StringOf256Bits(x), the Mcp-Session-Id header, session ID: required',
    'urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange',
  ])('leaves what is no secret: %s', (line) => {
    expect(redacted(line)).toBe(line);
  });

  it('replaces values that it was told wherever they stand and however they are escaped', () => {
    const value = 'h"ünter\\22';
    const by = redactor({
      secrets: [
        { name: 'MY TOKEN', value },
        { name: 'PIN_TOKEN', value: '12345' },
      ],
    });
    const json = JSON.stringify(value);
    const ascii = json.replace('ü', '\\u00fc');
    const line = `${value} ${json} ${ascii} ${encodeURIComponent(value)} 12345\n`;
    const out = redacted(line, by);
    expect(shortened(out)).toBe('<env:MY-TOKEN> "<env:MY-TOKEN>" "<env:MY-TOKEN>" <env:MY-TOKEN> 12345\n');
    const nested = redacted(JSON.stringify({ a: ascii, b: [{ [value]: JSON.stringify([value]) }] }), by);
    expect(new Set([...placeholders(out), ...placeholders(nested)]).size).toBe(1);
    expect(placeholders(nested)).toHaveLength(3);
  });

  it('takes as many and as long secrets as an environment can hold', () => {
    const secrets = Array.from({ length: 20 }, (_, index) => ({
      name: `T${index}`,
      value: `${index}"é`.repeat(20_000),
    }));
    const out = redacted(JSON.stringify({ a: secrets[7]?.value }), redactor({ secrets }));
    expect(shortened(out)).toBe('{"a":"<env:T7>"}');
  });

  it("replaces what a person's pattern matches, as characters and not as bytes", () => {
    const by = redactor({ patterns: [/Mü\w+er/, /\d{4} \d{4}/i, /x*/] });
    expect(shortened(redacted('ä Müller ö 1234 5678 ü', by))).toBe('ä <pattern> ö <pattern> ü');
    expect(shortened(redacted('{"ä":"😀 M\\u00fcller","b":12}', by))).toBe('{"ä":"😀 <pattern>","b":12}');
  });

  it('gives equal secrets equal placeholders, wherever and under whatever name they stand', () => {
    const by = redactor();
    const lines = [
      '{"password":"s3\\"cret"}',
      JSON.stringify({ text: '{"api_key":"s3\\"cret"}' }),
      `{"token":"s3\\u0022cret"}`,
      'noise {"secret":"s3\\"cret"}',
      "MY_TOKEN='s3\"cret'",
    ];
    expect(new Set(lines.flatMap((line) => placeholders(redacted(line, by)))).size).toBe(1);
    expect(placeholders(redacted('{"password":"s3cret"}', by))).not.toEqual(placeholders(redacted(lines[0] ?? '', by)));
  });

  it('keeps any bytes around a secret', () => {
    const around = Buffer.from([0, 0xff, 0x80, 0xc3, 0x28, 0x0d, 0xfe]);
    const line = Buffer.concat([around, Buffer.from(' token=s3cret '), around, Buffer.from('\n')]);
    const out = Buffer.from(redactor().redactLine(line));
    expect(out.subarray(0, 7)).toEqual(around);
    expect(out.subarray(-8, -1)).toEqual(around);
    expect(out.includes('s3cret')).toBe(false);
  });

  it('redacts command lines', () => {
    const argv = ['node', '--api-key', 's3cret', '--key', '***', '-H', 'X-Api-Key: s3cret', '--auth', '--verbose', ''];
    expect(redactor().redactArgv(argv).map(shortened)).toEqual([
      'node',
      '--api-key',
      '<api-key>',
      '--key',
      '***',
      '-H',
      'X-Api-Key: <api-key>',
      '--auth',
      '--verbose',
      '',
    ]);
  });

  it('leaves what somebody masked before', () => {
    const lines = ['{"password":"***","tokens":["*******"]}', 'Authorization: Basic ***', 'TOKEN="***"'];
    expect(lines.map((line) => redacted(line))).toEqual(lines);
    const masked = maskArgv(['--token=a', '--key', 'b', '-H', 'Authorization: Basic abc1']);
    expect(redactor().redactArgv(masked)).toEqual(masked);
  });

  it('hides in a command line what a recorder masks in it, each under its kind', () => {
    const argv = [
      '--password=s3 cret',
      '--key=k3y',
      'https://h/?key=k4y&a=1',
      'Authorization: Bearer b3arer',
      'TOKEN=a',
    ];
    const hidden = redactor().redactArgv(argv).map(shortened);
    expect(hidden).toEqual([
      '--password=<password>',
      '--key=<option>',
      'https://h/?key=<option>&a=1',
      'Authorization: Bearer <authorization>',
      'TOKEN=<token>',
    ]);
    expect(hidden.map((word) => word.replaceAll(/<[a-z]+>/g, '***'))).toEqual(maskArgv(argv));
  });

  it('tells what it replaced and where, and never what it was', () => {
    const by = redactor();
    redacted('{"params":{"arguments":{"env":[{"api_key":"s3cret"},{"api_key":"s3cret"}],"text":"token=s3cr3t"}}}', by);
    redacted('token=s3cr3t', by);
    by.redactArgv(['--token', 's3cr3t']);
    expect(by.report()).toEqual([
      { kind: 'api-key', where: 'params.arguments.env[].api_key', count: 2 },
      { kind: 'token', where: 'params.arguments.text', count: 1 },
      { kind: 'token', where: 'text', count: 1 },
      { kind: 'token', where: 'argv', count: 1 },
    ]);
  });

  it('holds a bounded report, however many places a peer makes up', () => {
    const by = redactor();
    redacted(`{${Array.from({ length: 12_000 }, (_, index) => `"k${index}":{"token":"x"}`).join()}}`, by);
    expect(by.report()).toHaveLength(10_001);
    expect(by.report().at(-1)).toEqual({ kind: 'token', where: '…', count: 2000 });
  });
});
