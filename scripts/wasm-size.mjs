// What the module's bytes are, crate by crate, of the build before wasm-opt takes the names away: node scripts/wasm-size.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';

import { ROOT } from './run.mjs';

const FILE = argv[2] ?? join(ROOT, 'target', 'package', 'release', 'speech_emotion', 'input.wasm');
const [IMPORT, CODE, DATA, CUSTOM] = [2, 10, 11, 0];

/** A reader of the binary format. @param {Buffer} bytes @param {number} at */
function reader(bytes, at) {
  const unsigned = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  };
  const skip = (/** @type {number} */ length) => {
    at += length;
    return at - length;
  };
  const text = () => {
    const length = unsigned();
    return bytes.toString('utf8', skip(length), at);
  };
  return { unsigned, skip, text, here: () => at };
}

/** Functions and data of a module. @param {Buffer} bytes */
function sizes(bytes) {
  /** @type {number[]} */
  const functions = [];
  /** @type {Map<number, string>} */
  const names = new Map();
  let [imported, data] = [0, 0];
  for (let at = 8; at < bytes.length;) {
    const section = reader(bytes, at + 1);
    const length = section.unsigned();
    const end = section.here() + length;
    if (bytes[at] === DATA) data = length;
    if (bytes[at] === IMPORT) {
      for (let left = section.unsigned(); left > 0; left -= 1) {
        section.text();
        section.text();
        // rustc imports functions alone.
        section.skip(1);
        section.unsigned();
        imported += 1;
      }
    }
    if (bytes[at] === CODE) {
      for (let left = section.unsigned(); left > 0; left -= 1) {
        const size = section.unsigned();
        functions.push(size);
        section.skip(size);
      }
    }
    if (bytes[at] === CUSTOM && section.text() === 'name') {
      while (section.here() < end) {
        const kind = bytes[section.skip(1)];
        const size = section.unsigned();
        if (kind !== 1) section.skip(size);
        else
          for (let left = section.unsigned(); left > 0; left -= 1) {
            const index = section.unsigned();
            names.set(index, section.text());
          }
      }
    }
    at = end;
  }
  return {
    data,
    functions: functions.map((size, index) => ({ size, name: names.get(imported + index) ?? '' })),
  };
}

/** The crate that a mangled name begins with, or that of the type whose method it is. @param {string} name */
function crateOf(name) {
  const [start, length] = /^_ZN(\d+)/.exec(name) ?? [];
  if (start === undefined) return 'other';
  const segment = name.slice(start.length, start.length + Number(length));
  const path = segment.replace(/^_?(\$(LT|RF|BP|u[0-9a-f]{2})\$|mut |dyn |impl )+/, '');
  return /^[A-Za-z_][A-Za-z0-9_]*/.exec(path)?.[0] ?? 'other';
}

const { data, functions } = sizes(readFileSync(FILE));
/** @type {Map<string, { bytes: number, functions: number }>} */
const crates = new Map();
for (const { size, name } of functions) {
  const crate = crateOf(name);
  const { bytes, functions } = crates.get(crate) ?? { bytes: 0, functions: 0 };
  crates.set(crate, { bytes: bytes + size, functions: functions + 1 });
}
const code = functions.reduce((sum, { size }) => sum + size, 0);
console.log(`code ${code} bytes in ${functions.length} functions, data ${data} bytes`);
const rows = [...crates].sort(([, a], [, b]) => b.bytes - a.bytes);
for (const [crate, { bytes, functions }] of rows.slice(0, 25)) {
  const share = ((100 * bytes) / code).toFixed(1).padStart(5);
  console.log(
    `${share} %  ${String(bytes).padStart(8)} bytes  ${String(functions).padStart(5)} functions  ${crate}`,
  );
}
