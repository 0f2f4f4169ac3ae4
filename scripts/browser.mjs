// Chromium and its driver, for the tests.
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env, getuid, platform } from 'node:process';

import { run } from './run.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * @typedef {object} Browser
 * @property {string | undefined} chromium path of Chromium or Chrome
 * @property {string | undefined} driver path of its chromedriver
 */

/** @returns {Browser} */
export function findBrowser() {
  return {
    chromium: env.CHROMIUM ?? firstOnPath(BROWSERS) ?? (existsSync(MAC_CHROME) ? MAC_CHROME : undefined),
    driver: env.CHROMEDRIVER ?? firstOnPath(['chromedriver']),
  };
}

/**
 * Finds Chromium and chromedriver; on Debian as root installs what is missing, elsewhere says what to install.
 * @returns {Promise<Browser>}
 */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found.chromium && found.driver) return found;
  const packages = ['chromium', 'chromium-driver'];
  if (!isDebian() || getuid?.() !== 0) {
    const missing = [found.chromium ? [] : 'Chromium', found.driver ? [] : 'chromedriver'].flat();
    console.log(`to run every test, install ${missing.join(' and ')}`);
    console.log(
      `  on Debian: apt-get install ${packages.join(' ')}; elsewhere: set CHROMIUM and CHROMEDRIVER`,
    );
    return found;
  }
  console.log(`installing ${packages.join(' and ')} for the tests`);
  const quiet = { env: { DEBIAN_FRONTEND: 'noninteractive' } };
  await run('apt-get', ['update', '-qq'], quiet);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
  return findBrowser();
}

/** Debian itself: the package of this name in distributions made from it is often a stub. */
function isDebian() {
  const file = '/etc/os-release';
  return existsSync(file) && /^ID=debian$/m.test(readFileSync(file, 'utf8'));
}

/**
 * @param {string[]} names
 * @returns {string | undefined}
 */
function firstOnPath(names) {
  const suffix = platform === 'win32' ? '.exe' : '';
  const folders = (env.PATH ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name + suffix)))
    .find((path) => existsSync(path));
}
