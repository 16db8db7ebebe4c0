// Control of the query rows: what anybody would write in Node. Splits lines of JSON, parses each, and counts.
// node split-and-parse.mjs FILE TOOL
import { closeSync, openSync, readSync } from 'node:fs';

const [path, tool] = process.argv.slice(2);
const counts = { hits: 0, calls: 0, errors: 0, toolErrors: 0 };

function count(message) {
  if (message.method === 'tools/call') counts.calls++;
  if (message.method === 'tools/call' && message.params.name === tool) counts.hits++;
  if (message.error !== undefined) counts.errors++;
  if (message.result?.isError === true) counts.toolErrors++;
}

const file = openSync(path, 'r');
const chunk = Buffer.allocUnsafe(1024 * 1024);
let rest = Buffer.alloc(0);
for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
  const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    count(JSON.parse(bytes.toString('utf8', start, end)));
    start = end + 1;
  }
  rest = Buffer.from(bytes.subarray(start));
}
closeSync(file);
console.log(JSON.stringify(counts));
