// npm run size: bundles the built package as a page would and holds it to the limits of .size-limit.json.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

import { ROOT, must, script } from './run.mjs';

const PKG = join(ROOT, 'pkg');
const OUT = join(ROOT, 'target', 'size');

await script(async () => {
  rmSync(OUT, { recursive: true, force: true });
  await build({
    entryPoints: { index: join(PKG, 'index.js'), worker: join(PKG, 'worker.js') },
    bundle: true,
    splitting: true,
    // By name, since what is imported on demand, for extractFeatures alone, is not counted.
    chunkNames: '[name]-[hash]',
    minify: true,
    format: 'esm',
    outdir: OUT,
  });
  await build({ entryPoints: [join(PKG, 'capture-worklet.js')], minify: true, outdir: OUT });
  copyFileSync(join(PKG, 'speech_emotion_bg.wasm'), join(OUT, 'speech_emotion_bg.wasm'));
  await must('npx', ['size-limit']);
});
