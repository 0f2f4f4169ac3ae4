// npm run build: the npm package in pkg/, and with it the demo site in dist/.
import { script } from './run.mjs';
import { buildPackage, ensureTools } from './tools.mjs';

await script(async () => {
  await ensureTools();
  await buildPackage();
  // On demand: before ensureTools() its bundler may not be installed.
  const { buildSite } = await import('./site.mjs');
  await buildSite();
});
