// The network by three runtimes in headless Chromium: prints the comparison as JSON.
import { script } from '../../scripts/run.mjs';
import { speech } from '../clip.mjs';
import { inPage } from '../site.mjs';
import { exportOnnx } from './onnx.mjs';

const TFJS = '/bench/node_modules/@tensorflow';

await script(async () => {
  exportOnnx();
  const { engine, result } = await inPage(async (page) => {
    await page.addScriptTag({ url: `${TFJS}/tfjs-core/dist/tf-core.min.js` });
    await page.addScriptTag({ url: `${TFJS}/tfjs-backend-wasm/dist/tf-backend-wasm.min.js` });
    return page.evaluate(async (samples) => {
      const address = '/bench/network/page.mjs';
      const { run } = await import(address);
      return run(samples);
    }, speech());
  });
  console.log(JSON.stringify({ engine, ...result }));
});
