import { expect, test } from 'vitest';

import { call } from '../questions/recorded.ts';
import { Watch } from './watched.ts';

const LONG = 'x'.repeat(600_000);
const PADDING = 'y'.repeat(600_000);

test.each([
  ['its id at the beginning', `{"jsonrpc":"2.0","id":7,"result":{"content":"${LONG}"}}`],
  ['its id at the end, as an SDK writes it', `{"result":{"content":"${LONG}"},"jsonrpc":"2.0","id":7}`],
  ['blanks between its tokens', `{ "jsonrpc" : "2.0" , "id" : 7 , "result" : "${LONG}" }`],
  ['an error', `{"error":{"code":1,"message":"${LONG}"},"id":7,"jsonrpc":"2.0"}`],
])('what was answered with a very long line is not in flight: %s', async (_, answer) => {
  expect(await inFlight(answer)).toEqual(['8']);
});

test.each([
  ['a request of the server with the same id', `{"jsonrpc":"2.0","id":7,"method":"ping","params":{"x":"${LONG}"}}`],
  ['a request whose id stands at its end', `{"method":"ping","params":{"x":"${LONG}"},"jsonrpc":"2.0","id":7}`],
  ['an answer to something else', `{"jsonrpc":"2.0","id":77,"result":{"content":"${LONG}"}}`],
  ['an id that is not of the message', `{"jsonrpc":"2.0","result":{"x":"${LONG}","a":{"id":7}}}`],
  ['an id in a text', `{"jsonrpc":"2.0","result":"${LONG} ,\\"id\\":7}"}`],
  ['half a line', `{"jsonrpc":"2.0","id":7,"result":{"content":"${LONG}${PADDING}`],
])('what was not answered stays in flight: %s', async (_, said) => {
  expect(await inFlight(said)).toEqual(['7', '8']);
});

/** The ids that a report has in flight of two calls, of which the first may be answered. */
async function inFlight(said: string): Promise<readonly string[] | undefined> {
  const watch = new Watch();
  watch.tell((to) => {
    to.event({ kind: 'spawn', pid: 41 });
    to.read('client', `${JSON.stringify(call(7, 'big'))}\n${JSON.stringify(call(8, 'crash'))}\n`);
    to.read('server', said.endsWith('}') ? `${said}\n` : said);
    to.event({ kind: 'eof', from: 'server' });
    to.event({ kind: 'eof', from: 'stderr' });
    to.event({ kind: 'exit', code: 1, signal: null });
  });
  const [report] = [...(await watch.close()).values()];
  return report?.inFlight.flatMap(({ id, from }) => (from === 'client' && id !== null ? [id] : [])).toSorted();
}
