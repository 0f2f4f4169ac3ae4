// npm run leaks: hundreds of rounds of everything that has to be released, and an hour of streaming, on the built package.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { ensureBrowser } from './browser.mjs';
import { ROOT, Stop, run, script } from './run.mjs';

await script(async () => {
  if (!existsSync(join(ROOT, 'pkg', 'index.js')))
    throw new Stop('expected the package in pkg/: npm run build');
  const { chromium } = await ensureBrowser();
  const args = ['--expose-gc', '--test', '--test-reporter=spec', join('tests', 'leaks', 'leaks.test.mjs')];
  const env = { LEAKS: 'all', ...(chromium && { CHROMIUM: chromium }) };
  if (!(await run(process.execPath, args, { env })).ok) throw new Stop('something was left behind');
});
