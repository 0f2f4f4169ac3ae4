// npm run speed: how fast the built demo is. First paint and readiness on "fast 4G" as Chromium's own tools throttle it, and
// how long the page's thread is held up while it listens and while it draws a long file. Figures, no test.
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, getuid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

import { chromium } from 'playwright-core';

import { findBrowser } from './browser.mjs';
import { ROOT, Stop, script } from './run.mjs';
import { serve } from './serve.mjs';

/** The "Fast 4G" of Chromium's developer tools: 165 ms a request, 9 Mbit/s less a tenth. */
const LATENCY_MS = 165;
const BYTES_A_SECOND = 1_012_500;
const RUNS = 5;
const LISTEN_MS = Number(argv[2] ?? 20) * 1000;
const SPEECH = join(ROOT, 'tests', 'fixtures', 'speech', 'door.wav');

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/**
 * The site behind a slow line that all requests share, those of workers too, which the browser's own throttle passes over.
 * @param {string} inner
 */
async function slowLine(inner) {
  let free = 0;
  const server = createServer(async (request, response) => {
    const headers = { 'accept-encoding': String(request.headers['accept-encoding'] ?? '') };
    const address = new URL(request.url ?? '/', inner);
    const [answer] = await Promise.all([raw(address, headers), sleep(LATENCY_MS)]);
    response.writeHead(answer.status, answer.headers);
    const step = 16_384;
    for (let at = 0; at < answer.body.length; at += step) {
      const chunk = answer.body.subarray(at, at + step);
      free = Math.max(free, performance.now()) + (chunk.length / BYTES_A_SECOND) * 1000;
      await sleep(Math.max(0, free - performance.now()));
      response.write(chunk);
    }
    response.end();
  });
  await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://localhost:${port}/`, close: () => server.closeAllConnections() ?? server.close() };
}

/**
 * A response as it came over the line: fetch would unpack it.
 * @param {URL} address
 * @param {Record<string, string>} headers
 * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, body: Buffer }>}
 */
async function raw(address, headers) {
  const { get } = await import('node:http');
  return new Promise((resolve, reject) => {
    get(address, { headers }, (answer) => {
      /** @type {Buffer[]} */
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    }).on('error', reject);
  });
}

/**
 * A first visit: nothing is in any cache.
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {boolean} throttled by the browser
 */
async function firstVisit(browser, url, throttled) {
  const context = await browser.newContext();
  const page = await context.newPage();
  if (throttled) {
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: LATENCY_MS,
      downloadThroughput: BYTES_A_SECOND,
      uploadThroughput: BYTES_A_SECOND / 6,
    });
  }
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName('ready').length > 0, null, {
    timeout: 60_000,
  });
  const times = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    ready: performance.getEntriesByName('ready')[0]?.startTime ?? NaN,
  }));
  await context.close();
  return times;
}

/**
 * What the page's thread does meanwhile: tasks over 50 ms, and the time from frame to frame.
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<unknown>} work
 */
async function watch(page, work) {
  await page.evaluate(() => {
    const seen = Object.assign(globalThis, { longTasks: [], frames: [] });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) /** @type {number[]} */ (seen.longTasks).push(duration);
    }).observe({ type: 'longtask' });
    let last = performance.now();
    const tick = (/** @type {number} */ now) => {
      /** @type {number[]} */ (seen.frames).push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await work();
  const { longTasks, frames } = await page.evaluate(() => {
    const { longTasks, frames } = /** @type {any} */ (globalThis);
    return /** @type {{ longTasks: number[], frames: number[] }} */ ({ longTasks, frames: frames.slice(2) });
  });
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1);
  const tasks = longTasks.map((duration) => `${duration.toFixed(0)} ms`).join(', ') || 'none';
  return `tasks over 50 ms: ${tasks}; frames: ${frames.length}, median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms`;
}

/**
 * The page's longest task by the processor's time that it took: what others on the machine do does not count in it.
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<unknown>} work
 */
async function busiest(browser, page, work) {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  await work();
  /** @type {{ traceEvents: any[] }} */
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threads = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  );
  // The page's own is the one that paints the most.
  const paints = (/** @type {any} */ thread) =>
    traceEvents.filter(({ name, pid }) => name === 'Paint' && pid === thread.pid).length;
  const own = threads.toSorted((a, b) => paints(b) - paints(a))[0];
  const tasks = traceEvents.filter(
    ({ name, pid, tid, tdur }) => name === 'RunTask' && tdur && pid === own.pid && tid === own.tid,
  );
  const longest = Math.max(0, ...tasks.map(({ tdur }) => tdur)) / 1000;
  return `longest of ${tasks.length} tasks: ${longest.toFixed(1)} ms of the processor`;
}

/**
 * Ten minutes of the generated speech, over and over.
 * @param {string} path
 */
function writeLongFile(path) {
  const clip = readFileSync(SPEECH);
  const rounds = Math.floor((600 * 22_050 * 2) / (clip.length - 44));
  const body = Buffer.concat(Array.from({ length: rounds }, () => clip.subarray(44)));
  const head = Buffer.from(clip.subarray(0, 44));
  head.writeUInt32LE(36 + body.length, 4);
  head.writeUInt32LE(body.length, 40);
  writeFileSync(path, Buffer.concat([head, body]));
}

await script(async () => {
  const { chromium: executablePath } = findBrowser();
  if (!executablePath) throw new Stop('expected Chromium to measure in, found none');
  const folder = mkdtempSync(join(tmpdir(), 'speech-emotion-'));
  const site = await serve();
  const slow = await slowLine(site.url);
  const args = [
    ...(getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${SPEECH}`,
  ];
  const browser = await chromium.launch({ executablePath, args });
  try {
    for (const [what, url, throttled] of /** @type {[string, string, boolean][]} */ ([
      ['fast 4G, by the browser', site.url, true],
      ['fast 4G, by the server, workers too', slow.url, false],
      ['no throttle', site.url, false],
    ])) {
      const times = [];
      for (let run = 0; run < RUNS; run += 1) times.push(await firstVisit(browser, url, throttled));
      const [paint, ready] = [
        median(times.map((each) => each.paint)),
        median(times.map((each) => each.ready)),
      ];
      console.log(
        `${what}: first contentful paint ${paint.toFixed(0)} ms, ready to listen ${ready.toFixed(0)} ms (medians of ${RUNS})`,
      );
    }
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(site.url);
    await page.waitForFunction(() => performance.getEntriesByName('ready').length > 0);
    await page.waitForTimeout(2000);
    // The click itself is not counted: the browser opens the sound hardware in it, and waits for that.
    await page.locator('#speak').click();
    await page.locator('#state', { hasText: 'Listening' }).waitFor();
    const listening = await watch(page, () => page.waitForTimeout(LISTEN_MS));
    console.log(`listening for ${LISTEN_MS / 1000} s: ${listening}`);
    console.log(`  the same again: ${await busiest(browser, page, () => page.waitForTimeout(LISTEN_MS))}`);
    await page.reload();
    await page.waitForFunction(() => performance.getEntriesByName('ready').length > 0);
    // By its path: the browser would be handed the bytes through the page otherwise.
    const file = join(folder, 'ten-minutes.wav');
    writeLongFile(file);
    const began = performance.now();
    const drawing = await watch(page, async () => {
      await page.locator('#file').setInputFiles(file);
      await page.locator('#file-state', { hasText: 'analysed' }).waitFor({ timeout: 600_000 });
    });
    console.log(`a file of ten minutes, ${((performance.now() - began) / 1000).toFixed(1)} s: ${drawing}`);
  } finally {
    await browser.close();
    slow.close();
    await site.close();
    rmSync(folder, { recursive: true });
  }
});
