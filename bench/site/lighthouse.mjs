// Lighthouse's checks of the built demo, for a phone and for a desktop: node bench/site/lighthouse.mjs
// Its tools are installed by it alone (Apache-2.0), and are no part of anything that ships.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getuid } from 'node:process';
import { fileURLToPath } from 'node:url';

import { findBrowser } from '../../scripts/browser.mjs';
import { Stop, run, script } from '../../scripts/run.mjs';
import { serve } from '../../scripts/serve.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));

await script(async () => {
  const { chromium: chromePath } = findBrowser();
  if (!chromePath) throw new Stop('expected Chromium for Lighthouse, found none');
  if (!existsSync(join(HERE, 'node_modules'))) {
    const { ok } = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: HERE });
    if (!ok) throw new Stop('npm ci in bench/site failed');
  }
  // By name at run time: the type checker need not know packages that are installed here alone.
  const require = createRequire(import.meta.url);
  const { default: lighthouse, desktopConfig } = await import(require.resolve('lighthouse'));
  const { launch } = await import(require.resolve('chrome-launcher'));
  const site = await serve();
  const sandbox = getuid?.() === 0 ? ['--no-sandbox'] : [];
  const chrome = await launch({ chromePath, chromeFlags: ['--headless=new', ...sandbox] });
  try {
    for (const address of ['', 'model-card.html']) {
      for (const [what, config] of [
        ['phone', undefined],
        ['desktop', desktopConfig],
      ]) {
        const { lhr } = await lighthouse(
          site.url + address,
          { port: chrome.port, logLevel: 'error' },
          config,
        );
        const scores = Object.values(lhr.categories).map(
          ({ id, score }) => `${id} ${Math.round(score * 100)}`,
        );
        console.log(`/${address}, ${what}: ${scores.join(', ')}`);
        for (const { id, score, displayValue, title } of Object.values(lhr.audits)) {
          if (score !== null && score < 0.9)
            console.log(`  ${id}: ${title}${displayValue ? `, ${displayValue}` : ''}`);
        }
      }
    }
  } finally {
    await chrome.kill();
    await site.close();
  }
});
