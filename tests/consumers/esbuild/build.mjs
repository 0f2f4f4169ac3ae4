// esbuild copies no assets: the worker is an entry of its own, the other two files are copied beside them.
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

await build({
  entryPoints: { main: 'main.js', worker: 'speech-emotion/worker' },
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  outdir: 'dist',
});
for (const file of ['speech_emotion_bg.wasm', 'capture-worklet.js']) {
  copyFileSync(
    fileURLToPath(import.meta.resolve(`speech-emotion/package.json`).replace('package.json', file)),
    `dist/${file}`,
  );
}
