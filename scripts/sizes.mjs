// Prints the sizes of files as they are and as web servers send them: node scripts/sizes.mjs FILE...
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { argv } from 'node:process';
import { brotliCompressSync, gzipSync } from 'node:zlib';

for (const path of argv.slice(2)) {
  const bytes = readFileSync(path);
  const sizes = {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  };
  const text = Object.entries(sizes).map(([kind, size]) => `${kind} ${size} bytes (${kib(size)})`);
  console.log(`${basename(path)}: ${text.join(', ')}`);
}

/** @param {number} bytes */
function kib(bytes) {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
