// Rollup copies no assets: the worker is an entry of its own, the other two files are copied beside them.
import { readFileSync } from 'node:fs';

import { nodeResolve } from '@rollup/plugin-node-resolve';

const ASSETS = ['speech_emotion_bg.wasm', 'capture-worklet.js'];

export default {
  input: { main: 'main.js', worker: 'speech-emotion/worker' },
  output: { dir: 'dist', format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
  plugins: [
    nodeResolve({ browser: true }),
    {
      name: 'assets',
      buildStart() {
        for (const fileName of ASSETS) {
          const source = readFileSync(`node_modules/speech-emotion/${fileName}`);
          this.emitFile({ type: 'asset', fileName, source });
        }
      },
    },
  ],
};
