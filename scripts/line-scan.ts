// Compiles packages/capture/assembly/line-scan.ts, which is AssemblyScript, into the text that the package holds.
// Only who changes that file needs its compiler, so it is fetched for the occasion. A test tells when this was forgotten.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'packages', 'capture');
const source = join(folder, 'assembly', 'line-scan.ts');
const temporary = mkdtempSync(join(tmpdir(), 'mcp-dbg-assembly-'));
try {
  const wasm = join(temporary, 'line-scan.wasm');
  const asc = ['--yes', '-p', 'assemblyscript@0.28.20', 'asc', source];
  const options = [
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--enable',
    'threads',
    '--importMemory',
    '--sharedMemory',
    '--maximumMemory',
    '16384',
    '--memoryBase',
    '4096',
  ];
  execFileSync('npx', [...asc, ...options, '-o', wasm], { cwd: temporary, stdio: 'inherit' });
  const code = readFileSync(wasm).toString('base64');
  const sha256 = createHash('sha256').update(readFileSync(source)).digest('hex');
  const text = `// Made by scripts/line-scan.ts of assembly/line-scan.ts; change that and run it.

/** The source that the code was made of. */
export const LINE_SCAN_SOURCE_SHA256 = '${sha256}';

/** A WebAssembly module, in base64. */
export const LINE_SCAN_CODE =
  '${code}';
`;
  writeFileSync(join(folder, 'src', 'node', 'line-scan-code.ts'), text);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
