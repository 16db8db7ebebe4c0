// Writes megabytes to stderr before it serves: whoever does not read stderr never gets an answer.
// argv: [MEGABYTES], 2 unless given.
import { writeSync } from 'node:fs';
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

const LINE = `${'e'.repeat(1023)}\n`;
for (let left = Number(process.argv[2] ?? 2) * 1024; left > 0; left -= 1) writeAll(LINE);
serve({ name: 'stderr-flood', tools: goodTools });

function writeAll(line) {
  for (let rest = Buffer.from(line); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(2, rest));
    } catch (error) {
      // The host made the pipe non-blocking and it is full.
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}
