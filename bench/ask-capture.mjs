// What the commands do, without the command: asks a capture for one tool, or counts it.
// node ask-capture.mjs query|stats FILE [TOOL]
import { queryFile, statsOfFile } from '@mcp-dbg/capture/node';

const [what, file, tool] = process.argv.slice(2);
if (what === 'query') {
  const needs = { text: false, value: false, findings: false };
  let hits = 0;
  for await (const _ of queryFile(file, { matches: (subject) => subject.tool === tool, needs })) hits++;
  console.log(JSON.stringify({ hits }));
} else {
  console.log(JSON.stringify(await statsOfFile(file)));
}
