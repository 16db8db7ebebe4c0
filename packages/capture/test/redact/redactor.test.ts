import { describe, expect, it } from 'vitest';

import { redacted, redactor, shortened } from './redacting.ts';

const short = (line: string): string => shortened(redacted(line));

describe('Redactor, in JSON', () => {
  it.each([
    ['{"password":"s3cret"}', '{"password":"<password>"}'],
    ['{"apiKey":"s3cret","a":1}', '{"apiKey":"<api-key>","a":1}'],
    ['{ "client_secret" : "s3\\"cr\\\\et" }', '{ "client_secret" : "<client-secret>" }'],
    ['{"refresh_token":"s3cret","id_token":"s3cr3t"}', '{"refresh_token":"<refresh-token>","id_token":"<id-token>"}'],
    ['{"code_verifier":"s3cret"}', '{"code_verifier":"<code-verifier>"}'],
    ['{"headers":{"authorization":"Bearer s3cret"}}', '{"headers":{"authorization":"Bearer <authorization>"}}'],
    ['{"Set-Cookie":"a=b; Path=/"}', '{"Set-Cookie":"<set-cookie>"}'],
    ['{"X-Api-Key":["s3cret","s3cr3t"]}', '{"X-Api-Key":["<x-api-key>","<x-api-key>"]}'],
    ['{"OPENAI_KEY":"s3cret"}', '{"OPENAI_KEY":"<openai-key>"}'],
    ['{"secret":1234,"token":-1.5e3}', '{"secret":"<secret>","token":"<token>"}'],
    [
      '{"credentials":{"user":"a","pin":[1234,true]}}',
      '{"credentials":{"user":"<credentials>","pin":["<credentials>","<credentials>"]}}',
    ],
    ['{"name":"API_KEY","value":"s3cret"}', '{"name":"API_KEY","value":"<api-key>"}'],
    ['[{"value":"s3cret","name":"Authorization"}]', '[{"value":"<authorization>","name":"Authorization"}]'],
    [
      '{"args":["-y","--api-key","s3cret","--key",5,"x","--token","-v"]}',
      '{"args":["-y","--api-key","<api-key>","--key","<option>","x","--token","-v"]}',
    ],
    ['{"pass\\u0077ord":"s3cret"}', '{"pass\\u0077ord":"<password>"}'],
    ['"token=s3cret"', '"token=<token>"'],
    [
      '{"auth":{"user":"a","pass":"hunter"},"db":{"pass":12345678}}',
      '{"auth":{"user":"a","pass":"<pass>"},"db":{"pass":"<pass>"}}',
    ],
    ['{"headers":{"Mcp-Session-Id":"0f9c","x":["a"]}}', '{"headers":{"Mcp-Session-Id":"<mcp-session-id>","x":["a"]}}'],
    ['{"sessionId":"a","PHPSESSID":["b"]}', '{"sessionId":"<session-id>","PHPSESSID":["<phpsessid>"]}'],
    ['{"jwt":"abcDEF1234567890"}', '{"jwt":"<jwt>"}'],
    ['{"signature":"q0Zr3v8Xl2m9Kd7Tn5Wb1Yc4"}', '{"signature":"<signature>"}'],
    ['{"clientSecretUrl":"https://h/s3cret"}', '{"clientSecretUrl":"<client-secret-url>"}'],
    ['{"env":[["GITHUB_TOKEN","x"],["A","b"]]}', '{"env":[["GITHUB_TOKEN","<github-token>"],["A","b"]]}'],
    [
      '{"tokens":["s3cret"],"refreshTokens":["s3cr3t"]}',
      '{"tokens":["<tokens>"],"refreshTokens":["<refresh-tokens>"]}',
    ],
    [
      '{"credentials":{"pass":1234,"sig":"a","tokens":5}}',
      '{"credentials":{"pass":"<pass>","sig":"<sig>","tokens":"<tokens>"}}',
    ],
  ])('replaces what stands under a secret name: %s', (line, expected) => {
    expect(short(line)).toBe(expected);
    JSON.parse(redacted(line));
  });

  it.each([
    '{"password":"","token":null,"secret":[],"credentials":{}}',
    '{"jsonrpc":"2.0","id":"t1","method":"tools/call","params":{"_meta":{"progressToken":"abc1"},"name":"get_token","arguments":{}}}',
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":12,"progress":1}}',
    '{"result":{"nextCursor":"eyJwYWdlIjoyfQ==","tokens":12,"usage":{"input_tokens":1,"output_tokens":2,"maxTokens":3}}}',
    '{"tokenizer":"bpe","token_count":3,"token_type":"Bearer","token_endpoint":"https://a/b","secretary":"Ann","key":"k","cursor":"c"}',
    '{"requestState":"opaque and without a secret"}',
    '{"path":"/srv/task-management-list1","text":"Basic authentication is used. The password must be long."}',
    '{"pwd":"","monkey":"x","author":"y","keyboard":"z","passed":3}',
    '{"text":"Unexpected token: < in JSON at position 0"}',
    '{"tests":{"pass":12,"fail":0},"pass":true,"passes":["a long one"],"session_id":42,"isPass":"no","hasSignature":"q0Zr3v8Xl2m9Kd7Tn5Wb1Yc4"}',
    '{"signature":"getUser(id: string): Promise<User>","sig":"convertToBase64"}',
    '{"tokens":[101,2023,102],"tokenCounts":["twelve"],"max_tokens":["a long one"],"tokens_used":"a lot"}',
    '{"jwt":{"issuer":"me","alg":"HS256"},"session_ids":["a"]}',
    '[["password","string"],["token","a","b"]]',
    '{"required":["password","username"]}',
  ])('leaves what is no secret: %s', (line) => {
    const bytes = Buffer.from(line);
    expect(redactor().redactLine(bytes)).toBe(bytes);
  });

  it('leaves a schema that describes secrets, but not the values that it shows', () => {
    const schema = (shown: string): string =>
      `{"inputSchema":{"type":"object","properties":{"password":{"type":"string","minLength":8,"title":"P","enum":["a"]},"token":true,` +
      `"credentials":{"type":"object","required":["user"],"properties":{"user":{"type":"string"${shown}}}}},"required":["password"]}}`;
    expect(short(schema(''))).toBe(schema(''));
    expect(short(schema(',"default":"s3cret","examples":["s3cr3t"],"const":5'))).toBe(
      schema(',"default":"<credentials>","examples":["<credentials>"],"const":"<credentials>"'),
    );
    const data = '{"properties":{"credentials":{"user":"a","pin":1}}}';
    expect(short(data)).toBe('{"properties":{"credentials":{"user":"<credentials>","pin":"<credentials>"}}}');
  });

  it('finds names in JSON that stands in strings of JSON, however often', () => {
    let line = JSON.stringify({ api_key: 's3"cr\\et', n: 1 });
    let expected = '{"api_key":"<api-key>","n":1}';
    for (let level = 0; level < 6; level++) {
      line = JSON.stringify({ text: line });
      expected = JSON.stringify({ text: expected });
      expect(short(line)).toBe(expected);
    }
  });

  it('puts a placeholder in place of a number in quotes that fit the level', () => {
    const line = JSON.stringify({ text: JSON.stringify({ text: '{"pin_token":1234}' }) });
    expect(JSON.parse(JSON.parse(JSON.parse(redacted(line)).text).text).pin_token).toMatch(/^«redacted:pin-token:/);
  });

  it('never changes a known method or the number of a request, whatever it was told', () => {
    const by = redactor({
      secrets: [
        { name: 'TOKEN', value: 'tools/call' },
        { name: 'PIN_TOKEN', value: '123456' },
      ],
    });
    const line = '{"jsonrpc":"2.0","id":123456,"method":"tools/call","params":{"a":123456,"b":"tools/call"}}';
    expect(shortened(redacted(line, by))).toBe(
      '{"jsonrpc":"2.0","id":123456,"method":"tools/call","params":{"a":"<env:PIN_TOKEN>","b":"<env:TOKEN>"}}',
    );
  });

  it('replaces a state that shows a secret as a whole, and equal ones alike', () => {
    const state = '{"requestState":"step 2, token=s3cret"}';
    expect(short(state)).toBe('{"requestState":"<request-state>"}');
    const by = redactor();
    expect(redacted(state, by)).toBe(redacted(state, by));
  });

  it('replaces a secret in a key without showing it in the report', () => {
    const by = redactor();
    expect(shortened(redacted('{"a":{"ghp_s3crets3cret1":{"token":"x"}}}', by))).toBe(
      '{"a":{"<github-token>":{"token":"<token>"}}}',
    );
    expect(by.report()).toEqual([
      { kind: 'github-token', where: 'key', count: 1 },
      { kind: 'token', where: 'a.….token', count: 1 },
    ]);
  });
});
