// What every browser test needs: the site below a sub-path, Chromium, and a page whose whole visit is watched.
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';

import { chromium } from 'playwright-core';

import { findBrowser } from '../../scripts/browser.mjs';
import { ROOT } from '../../scripts/run.mjs';
import { serve } from '../../scripts/serve.mjs';

export const EMOTIONS = ['neutral', 'calm', 'happy', 'sad', 'angry', 'fear', 'disgust', 'surprise'];
export const SPEECH = join(ROOT, 'tests', 'fixtures', 'speech');

/** Not at the root: the site must work wherever its folder is put. */
const SUB_PATH = '/some/where/';
/** An address that is not localhost, resolved to this machine: browsers call it insecure. */
const INSECURE_HOST = 'speech-emotion.test';

/** Why the tests can't run here, in a line, or nothing. */
export function missing() {
  for (const file of ['pkg/index.js', 'dist/index.html']) {
    if (!existsSync(join(ROOT, file))) return `left out: ${dirname(file)}/ is not built (npm run build)`;
  }
  if (!findBrowser().chromium) return 'left out: Chromium is not installed';
  return undefined;
}

/**
 * @param {string} path inside the corpora's folder; a leading `originals:` means their untouched copies beside it
 * @returns {{ file: string, skip: string | false }}
 */
export function recording(path) {
  const corpora = process.env.SER_CORPORA ?? join(ROOT, '..', 'shared', 'corpora');
  const [, original, rest = ''] = /^(originals:)?(.*)$/.exec(path) ?? [];
  const file = join(original ? join(dirname(corpora), 'originals') : corpora, rest);
  return { file, skip: existsSync(file) ? false : `left out: ${path} (corpora not found at ${corpora})` };
}

/**
 * @typedef {object} Site
 * @property {string} url where the page is
 * @property {string} insecureUrl the same page from a host that browsers call insecure
 * @property {{ method: string, url: string, bytes: number }[]} received every request, with the bytes of its body
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<Site>} the demo's own server, put below a sub-path */
export async function startSite() {
  const inner = await serve();
  /** @type {Site['received']} */
  const received = [];
  const server = createServer(async (request, response) => {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    const { method = '', url = '' } = request;
    received.push({ method, url, bytes });
    if (!url.startsWith(SUB_PATH)) return response.writeHead(404).end();
    // As it is: fetch would unpack what is packed, and the headers would still say that it isn't.
    const headers = { 'accept-encoding': 'identity' };
    const answer = await fetch(new URL(url.slice(SUB_PATH.length), inner.url), { method, headers });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}${SUB_PATH}`,
    insecureUrl: `http://${INSECURE_HOST}:${port}${SUB_PATH}`,
    received,
    async close() {
      server.close();
      server.closeAllConnections();
      await inner.close();
    },
  };
}

/** What Playwright switches off, so that tabs behind others are like those before. */
const THROTTLING = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/**
 * @param {string[]} flags further ones for Chromium
 * @param {string[]} [ignoreDefaultArgs] Playwright's own, to be left out
 */
function launch(flags, ignoreDefaultArgs) {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const executablePath = /** @type {string} */ (findBrowser().chromium);
  const hosts = `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`;
  const args = [...sandbox, hosts, ...flags];
  return chromium.launch({ executablePath, args, ...(ignoreDefaultArgs && { ignoreDefaultArgs }) });
}

/** @param {string[]} flags further ones for Chromium */
export function startBrowser(...flags) {
  return launch(flags);
}

/** A microphone that is a file, over and over, and granted without asking. @param {string} file a PCM wav file */
const hearing = (file) => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-audio-capture=${file}`,
];

/**
 * Chromium that hears a file.
 * @param {string} file
 * @param {string[]} flags further ones
 */
export function startHearing(file, ...flags) {
  return launch([...hearing(file), ...flags]);
}

/**
 * The same with tabs that are throttled behind others, as people have it.
 * @param {string} file
 * @param {string[]} flags further ones
 */
export function startThrottling(file, ...flags) {
  return launch([...hearing(file), ...flags], THROTTLING);
}

/** Kept by the page for the test: what it took from the browser, seen from outside of its own code. */
function keepTaken() {
  const taken = Object.assign(globalThis, { takenTracks: [], takenContexts: [], violations: [] });
  addEventListener('securitypolicyviolation', (event) => {
    /** @type {string[]} */ (taken.violations).push(`${event.effectiveDirective} ${event.blockedURI}`);
  });
  const Context = globalThis.AudioContext;
  globalThis.AudioContext = class extends Context {
    /** @param {AudioContextOptions} [options] */
    constructor(options) {
      super(options);
      /** @type {unknown[]} */ (taken.takenContexts).push({ context: this, options });
    }
  };
  if (!navigator.mediaDevices) return;
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    /** @type {unknown[]} */ (taken.takenTracks).push(...stream.getTracks());
    return stream;
  };
}

/**
 * @typedef {object} Visit
 * @property {import('playwright-core').Page} page
 * @property {import('playwright-core').Request[]} requests every request of the page and its workers
 * @property {() => Promise<string[]>} faults console errors, uncaught errors and violations of the policy
 */

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @returns {Promise<Visit>}
 */
export async function visit(browser, url, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  /** @type {Visit['requests']} */
  const requests = [];
  /** @type {string[]} */
  const errors = [];
  context.on('request', (request) => requests.push(request));
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.addInitScript(keepTaken);
  await page.goto(url);
  const violations = () => page.evaluate(() => Reflect.get(globalThis, 'violations'));
  return { page, requests, faults: async () => [...errors, ...(await violations())] };
}

/**
 * Waits for a state line that matches.
 * @param {import('playwright-core').Page} page
 * @param {RegExp} pattern
 * @param {string} [selector] the line: Speak's when left out
 * @returns {Promise<string>} the line
 */
export async function stateLine(page, pattern, selector = '#state') {
  const state = page.locator(selector);
  try {
    await state.filter({ hasText: pattern }).waitFor({ timeout: 30_000 });
  } catch (cause) {
    throw new Error(`expected a state like ${pattern}, got ${await state.innerText()}`, { cause });
  }
  return state.innerText();
}

/** @param {import('playwright-core').Page} page @param {RegExp} pattern */
export const fileLine = (page, pattern) => stateLine(page, pattern, '#file-state');

/**
 * What the page shows as its answer, with each bar's number.
 * @param {import('playwright-core').Page} page
 * @param {'clip-' | ''} of the clip's panel or Speak's
 */
export async function shown(page, of) {
  // In one go: while it listens, another answer comes every half second.
  const { answer, detail, emotions, numbers, top } = await page.evaluate((of) => {
    /** @param {string} selector */
    const texts = (selector) =>
      [...document.querySelectorAll(selector)].map((found) => /** @type {HTMLElement} */ (found).innerText);
    return {
      answer: texts(`#${of}answer`)[0] ?? '',
      detail: texts(`#${of}detail`)[0] ?? '',
      emotions: texts(`#${of}bars b`),
      numbers: texts(`#${of}bars .number`),
      top: texts(`#${of}bars li[data-top] b`),
    };
  }, of);
  return { answer: answer.replace(/\s+/g, ' ').trim(), detail, emotions, numbers, top };
}

/**
 * The answer for a clip, once it is there.
 * @param {import('playwright-core').Page} page
 * @param {string} [name] the clip's
 */
export async function clipAnswer(page, name = '') {
  await fileLine(page, new RegExp(`^${name}.*: (analysed on this device|no speech was found)`));
  return shown(page, 'clip-');
}

/**
 * The live answer, once there is one.
 * @param {import('playwright-core').Page} page
 */
export async function liveAnswer(page) {
  await page.locator('#bars .number').first().filter({ hasText: '%' }).waitFor({ timeout: 20_000 });
  return shown(page, '');
}

/**
 * Keeps a picture of a state for whoever looks at it later: not in git.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
export async function shoot(page, name) {
  const path = join(ROOT, 'artefacts', 'screenshots', `${name}.png`);
  await page.screenshot({ path, fullPage: true });
}

/**
 * A mono wav file of 16-bit PCM.
 * @param {number} seconds
 * @param {(second: number) => number} [signal] -1 to 1; silence when left out
 */
export function wav(seconds, signal = () => 0) {
  const rate = 48_000;
  const frames = Math.round(seconds * rate);
  const bytes = Buffer.alloc(44 + frames * 2);
  bytes.write('RIFF');
  bytes.writeUInt32LE(36 + frames * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(frames * 2, 40);
  for (let frame = 0; frame < frames; frame++) {
    bytes.writeInt16LE(Math.round(signal(frame / rate) * 32_767), 44 + frame * 2);
  }
  return bytes;
}
