// Answers every read with bytes that are no message: broken UTF-8, noise with NULs, and JSON that never ends.
// The noise is drawn from a fixed seed, so that each run is the same.
let seed = 42;
const random = () => {
  seed = (seed * 1103515245 + 12345) % 2 ** 31;
  return seed % 256;
};

process.stdin.on('data', () => {
  process.stdout.write(Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0xff, 0xfe, 0x0a]));
  process.stdout.write(Buffer.from(Array.from({ length: 512 }, random)));
  process.stdout.write('\n{"jsonrpc":"2.0","id":0,"result":{"proto');
});
