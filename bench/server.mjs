// The server of the benchmarks. It answers each line with one line, without parsing; a line `B<n>` gets a line of n
// bytes, a line `F<n>` n notifications and then an answer. It spends as little as it can, so that what is measured
// is what stands between it and its client.
import { once } from 'node:events';

const ANSWER = '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"ok"}]}}\n';
const NOTIFICATION = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(71) } })}\n`;
const NEWLINE = 10;

for await (const chunk of process.stdin) {
  const [first] = chunk;
  const amount = Number(chunk.toString('latin1', 1, 20).trim());
  if (first === 66 /* B */) await write([Buffer.alloc(amount - 1, 'x'), Buffer.of(NEWLINE)]);
  else if (first === 70 /* F */) await flood(amount);
  else await write([ANSWER.repeat(linesIn(chunk))]);
}

async function flood(amount) {
  const batch = Buffer.from(NOTIFICATION.repeat(500));
  for (let left = amount; left > 0; left -= 500) await write([batch]);
  await write([ANSWER]);
}

async function write(parts) {
  for (const part of parts) if (!process.stdout.write(part)) await once(process.stdout, 'drain');
}

function linesIn(chunk) {
  let lines = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}
