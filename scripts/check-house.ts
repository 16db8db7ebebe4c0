// Judges the tree by the rules of the house and lists every breach.
import { join } from 'node:path';

import { rules } from './house/rules.ts';
import { readTree } from './house/tree.ts';

const tree = readTree(join(import.meta.dirname, '..'));
let broken = 0;
for (const { promise, breaches } of rules) {
  const found = [...breaches(tree)];
  if (found.length === 0) continue;
  broken++;
  console.error(`${promise}:\n${found.map((breach) => `  ${breach}`).join('\n')}`);
}
if (broken > 0) {
  console.error(`${broken} of ${rules.length} rules of the house are broken.`);
  process.exitCode = 1;
}
