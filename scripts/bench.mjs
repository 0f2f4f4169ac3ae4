// npm run bench: builds what is missing and times the network, the whole answer and the features, in Node and in
// Chromium, beside others; writes bench/results.json and bench/features.json.
import { must, script } from './run.mjs';
import { buildPackage, ensureTools } from './tools.mjs';

await script(async () => {
  await ensureTools();
  await buildPackage();
  await must(process.execPath, ['bench/results.mjs']);
  await must(process.execPath, ['bench/features.mjs']);
});
