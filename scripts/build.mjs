// npm run build: the npm package in pkg/.
import { script } from './run.mjs';
import { buildPackage, ensureTools } from './tools.mjs';

await script(async () => {
  await ensureTools();
  await buildPackage();
});
