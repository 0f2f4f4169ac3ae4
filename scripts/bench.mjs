// npm run bench: builds what is missing, times a clip of 3 s in Node and in Chromium, and the features against others.
import { findBrowser } from './browser.mjs';
import { must, script } from './run.mjs';
import { buildPackage, ensureTools } from './tools.mjs';

await script(async () => {
  await ensureTools();
  await buildPackage();
  await must(process.execPath, ['bench/node.mjs']);
  if (findBrowser().chromium) await must(process.execPath, ['bench/chromium.mjs']);
  else console.log('left out: the same in Chromium, which is not installed');
  await must(process.execPath, ['bench/features.mjs']);
});
