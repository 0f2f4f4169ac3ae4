// npm start: builds what is missing and serves the demo on this machine.
import { script } from './run.mjs';
import { serve } from './serve.mjs';
import { buildPackage, ensureTools } from './tools.mjs';

await script(async () => {
  await ensureTools();
  await buildPackage();
  // On demand: before ensureTools() its bundler may not be installed.
  const { buildSite } = await import('./site.mjs');
  await buildSite();
  const { url } = await serve({ port: Number(process.env.PORT ?? 8080) });
  console.log(`\nThe demo runs at ${url}\nCtrl-C ends it.`);
});
