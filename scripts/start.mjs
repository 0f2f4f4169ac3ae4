// npm start: builds what is missing and serves the demo on this machine.
import { script } from './run.mjs';
import { serve } from './serve.mjs';
import { buildPackage, ensureTools } from './tools.mjs';

await script(async () => {
  await ensureTools();
  await buildPackage();
  const { url } = await serve({ port: Number(process.env.PORT ?? 8080) });
  console.log(`\nThe demo runs at ${url}\nCtrl-C ends it.`);
});
