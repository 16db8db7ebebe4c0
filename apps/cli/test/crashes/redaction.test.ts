import { createHash } from 'node:crypto';

import type { CaptureRecord } from '@mcp-dbg/capture';
import { Redactor } from '@mcp-dbg/capture/redact';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { crashOf } from '../../src/crashes/crash-of.ts';
import type { CrashReport } from '../../src/crashes/crash-report.ts';
import { CrashScan } from '../../src/crashes/crash-scan.ts';
import { crashText } from '../../src/crashes/crash-text.ts';
import { redactedCrash } from '../../src/crashes/redacted-crash.ts';
import { reportJson } from '../../src/crashes/report-text.ts';
import { themeFor } from '../../src/render/theme.ts';
import { run } from '../driver.ts';
import { call, failure, recorded, result, rpc } from '../questions/recorded.ts';

const redactor = (): Redactor =>
  new Redactor({ fingerprint: (secret) => createHash('sha256').update(secret).digest('hex').slice(0, 8) });

/** Has the shape of a secret wherever it stands; made anew, and none is a real one. */
const shaped = fc
  .array(fc.constantFrom(...'abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKMNPQRSTUVWXYZ'), { minLength: 36, maxLength: 36 })
  .map((letters) => `ghp_${letters.join('')}`);

/** A secret by its name alone. */
const named = fc
  .array(fc.constantFrom('correct', 'horse', 'battery', 'staple', 'Tr0ub4dor', '"quoted"', 'a\\b', 'ü'), {
    minLength: 3,
    maxLength: 6,
  })
  .map((words) => `q7${words.join(' ')}`);

interface Planted {
  readonly shaped: string;
  readonly named: string;
  /** What stands at the end of stderr. */
  readonly stderr: string;
}

/** The report on the crash of a server that was told secrets, and told them, in each place where one may be. */
function planted({ shaped: secret, named: password, stderr }: Planted): CrashReport {
  const scan = new CrashScan();
  const stamp = { seq: 0, us: 1, conn: 1 };
  const push = (record: CaptureRecord): ReturnType<CrashScan['push']> => scan.push(record);
  const say = (from: 'client' | 'server' | 'stderr', what: object | string): void =>
    void push({
      ...stamp,
      t: 'data',
      from,
      bytes: Buffer.from(typeof what === 'string' ? what : `${JSON.stringify(what)}\n`),
    });
  push({ ...stamp, t: 'spawn', pid: 7 });
  const clientInfo = { name: secret, version: secret };
  say('client', rpc(1, 'initialize', { protocolVersion: secret, capabilities: {}, clientInfo }));
  say('server', result(1, { protocolVersion: secret, capabilities: {}, serverInfo: clientInfo }));
  say('client', rpc(secret, `tools/${secret}`));
  say('client', call(secret, secret, { password, deep: JSON.stringify({ api_key: password }), text: `use ${secret}` }));
  say('server', failure(9, -32000, `cannot log in with ${secret}`));
  say('server', `logged in with ${secret}\n`);
  say('server', Buffer.concat([Buffer.from([0xff]), Buffer.from(` ${secret}\n`)]).toString('latin1'));
  say('stderr', `using ${secret}\n${stderr}`);
  const crash = push({ ...stamp, t: 'exit', us: 9, code: 1, signal: null });
  if (crash === undefined) throw new Error('It is no crash');
  return crashOf(crash, {
    at: null,
    madeBy: { mcpDbg: '1', node: '1', platform: 'x', from: 'proxy' },
    crash: 1,
    leftOut: 0,
    path: `/home/me/${secret}.mcpcap`,
    label: secret,
    command: ['node', 'x.js', '--password', password, `--header=${secret}`],
  });
}

/** As much of a secret as says something (characters). */
const PIECE = 8;

/** Fails where something of a secret is left: all of it, or a piece of its beginning or its end. */
async function expectNone(report: CrashReport, ...secrets: readonly string[]): Promise<CrashReport> {
  const shared = await redactedCrash(report, redactor());
  const text = crashText(shared, { capture: shared.capture.path }, themeFor(false, {}));
  for (const told of [reportJson(shared), text])
    for (const secret of secrets)
      for (const written of [secret, JSON.stringify(secret).slice(1, -1)])
        for (const piece of [written.slice(0, PIECE), written.slice(-PIECE)])
          if (told.includes(piece))
            throw new Error(
              `"${piece}" of "${written}" is left: …${told.slice(Math.max(0, told.indexOf(piece) - 200), told.indexOf(piece) + 60)}`,
            );
  return shared;
}

describe('a crash that is shared', () => {
  it('holds no secret, in whichever member it stood', async () => {
    await fc.assert(
      fc.asyncProperty(shaped, named, async (secret, password) => {
        const report = planted({ shaped: secret, named: password, stderr: `PASSWORD=${secret}\n` });
        const shared = await expectNone(report, secret, password);
        expect(shared.frames).toHaveLength(7);
      }),
      { numRuns: 20 },
    );
  });

  it('holds no piece of one either, wherever a frame was cut', async () => {
    await fc.assert(
      fc.asyncProperty(shaped, named, async (secret, password) => {
        const report = planted({ shaped: secret, named: password, stderr: '' });
        const lines = [
          JSON.stringify({ fill: 'lorem ipsum', password, n: 1 }),
          JSON.stringify({ a: [{ text: JSON.stringify({ api_key: password, b: 1 }) }, 1] }),
          JSON.stringify({ fill: 'lorem ipsum', text: `use ${secret} now` }),
          `lorem ipsum ${secret} lorem`,
          `\u00ff {"token":"${secret}"}`,
        ];
        const [example] = report.frames;
        if (example === undefined) throw new Error('There is no frame');
        for (const line of lines) {
          const frames = Array.from(line, (_, end) => ({
            ...example,
            bytes: 100_000,
            isCut: true,
            raw: line.slice(0, end),
          }));
          const shared = await expectNone({ ...report, frames }, secret, password);
          // What is no secret is still there.
          const kept = shared.frames.filter(({ raw }) => raw?.includes('lorem ipsum'));
          if (line.includes('lorem')) expect(kept.length).toBeGreaterThan(20);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('holds no piece of one at either end of stderr', async () => {
    await fc.assert(
      fc.asyncProperty(shaped, fc.integer({ min: 0, max: 60 }), fc.boolean(), async (secret, cut, inKey) => {
        // The last 16 KiB begin before the secret, in it, or behind it.
        const filler = '.'.repeat(16 * 1024 - 1 - cut);
        await expectNone(planted({ shaped: secret, named: 'q7', stderr: `its key is ${secret}\n${filler}` }), secret);
        // The server dies while it writes its key, or says more than is quoted.
        const end = inKey
          ? `-----BEGIN PRIVATE KEY-----\n${secret.slice(4).repeat(2)}\n`
          : `${'x'.repeat(500 - cut)} ${secret} and more\n`;
        await expectNone(planted({ shaped: secret, named: 'q7', stderr: end }), inKey ? secret.slice(4) : secret);
        // Of what came long before the end only the last line is known.
        const dots = `${'.'.repeat(99)}\n`.repeat(200);
        await expectNone(
          planted({ shaped: secret, named: 'q7', stderr: `${'x'.repeat(500 - cut)} ${secret}\n${dots}` }),
          secret,
        );
      }),
      { numRuns: 20 },
    );
  });

  it('is what the program prints', async () => {
    const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ01';
    const capture = recorded((to) => {
      to.event({ kind: 'spawn', pid: 1 });
      to.client(call(1, 'login', { password: 'correct horse', token: secret }));
      to.stderr(`no access with ${secret}`);
      to.event({ kind: 'exit', code: 1, signal: null });
      const other = to.connection(secret);
      other.event({ kind: 'spawn', pid: 2 });
      other.stderr(`PASSWORD=${secret}`);
      other.event({ kind: 'exit', code: 2, signal: null });
    });
    const all = [[], ['1'], ['2'], ['--json']].map((argv) => run(['crashes', capture, ...argv]));
    for (const { code, stdout, stderr } of await Promise.all(all)) {
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/ghp_0123|correct horse/);
      expect(stdout).toContain('«redacted:');
    }
  });
});
