// npm run consumers [NAME...]: packs the package, installs it into small projects, builds each with its own tool and
// runs it: in Chromium, in Node, or through the TypeScript compiler.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize, sep } from 'node:path';
import { argv } from 'node:process';

import { chromium } from 'playwright-core';

import { ensureBrowser } from './browser.mjs';
import { ROOT, Stop, run, script } from './run.mjs';

const FOLDER = join(ROOT, 'tests', 'consumers');
const CLIP = join(ROOT, 'tests', 'fixtures', 'speech', 'door.wav');
/** Where each is put while it runs: outside of the repository, whose settings some tools would find and use. */
const WORK = join(tmpdir(), `speech-emotion-consumers-${process.pid}`);
const SUB_PATH = '/a/sub/path/';
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

/** @typedef {{ name: string, served?: string, policy?: boolean, program?: string }} Consumer */

/** @type {Consumer[]} */
const CONSUMERS = [
  { name: 'plain', served: '.' },
  { name: 'worker', served: '.' },
  { name: 'esbuild', served: '.' },
  { name: 'rollup', served: '.' },
  { name: 'vite-5', served: 'dist' },
  { name: 'vite-8', served: 'dist' },
  { name: 'webpack-5', served: '.' },
  { name: 'frameworks', served: 'dist' },
  // Its own scripts stand in the page, which the policy would not have; and it is exported for the root.
  { name: 'next', served: 'out', policy: false },
  { name: 'node', program: 'main.mjs' },
  { name: 'typescript' },
];

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.css': 'text/css',
};

/**
 * Packs pkg/ as npm would publish it, and unpacks it.
 * @returns {Promise<string>} the folder with the package's files
 */
async function pack() {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK, { recursive: true });
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', WORK, join(ROOT, 'pkg')], {
    quiet: true,
  });
  const file = packed.output.trim().split('\n').at(-1) ?? '';
  const unpacked = await run('tar', ['-xzf', join(WORK, file), '-C', WORK], { quiet: true });
  if (!packed.ok || !unpacked.ok) throw new Stop(`npm pack failed: ${packed.output}${unpacked.output}`);
  return join(WORK, 'package');
}

/**
 * Installs a consumer's tools by its lock file and the package beside them, and builds it.
 * @param {Consumer} consumer
 * @param {string} files the package's
 * @returns {Promise<string>} its folder
 */
async function build({ name }, files) {
  const folder = join(WORK, name);
  cpSync(join(FOLDER, name), folder, {
    recursive: true,
    filter: (path) => !/node_modules|[/\\](dist|out|\.next)$/.test(path),
  });
  cpSync(join(FOLDER, 'consumer.js'), join(folder, 'consumer.js'));
  if (existsSync(join(folder, 'package-lock.json'))) {
    // Not `ci`: it wants every platform's optional binaries in the lock file, which not every registry serves.
    await npm(folder, ['install', '--no-audit', '--no-fund', '--prefer-offline']);
  }
  cpSync(files, join(folder, 'node_modules', 'speech-emotion'), { recursive: true });
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (scripts?.build) await npm(folder, ['run', 'build']);
  return folder;
}

/** @param {string} folder @param {string[]} args */
async function npm(folder, args) {
  const { ok, output } = await run('npm', args, {
    quiet: true,
    cwd: folder,
    env: { NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (!ok) throw new Error(`npm ${args.join(' ')} in ${folder} failed:\n${output}`);
}

/**
 * Serves a folder below a sub-path, or at the root, with the strict policy or without one.
 * @param {string} folder
 * @param {boolean} policy
 */
async function serve(folder, policy) {
  const prefix = policy ? SUB_PATH : '/';
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').split('?', 1)[0] ?? '/');
    const file = normalize(
      join(folder, path.slice(prefix.length) + (path.endsWith('/') ? 'index.html' : '')),
    );
    if (
      !path.startsWith(prefix) ||
      !file.startsWith(folder + sep) ||
      !existsSync(file) ||
      statSync(file).isDirectory()
    ) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      ...(policy && { 'Content-Security-Policy': POLICY }),
    });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}${prefix}`, close };
}

/**
 * Opens a built consumer's page and waits for what it found.
 * @param {import('playwright-core').Browser} browser
 * @param {Consumer} consumer
 * @param {string} folder
 */
async function open(browser, { served = '.', policy = true }, folder) {
  const root = join(folder, served);
  cpSync(CLIP, join(root, 'clip.wav'));
  const site = await serve(root, policy);
  const page = await browser.newPage();
  let workers = 0;
  page.on('worker', () => (workers += 1));
  /** @type {string[]} */
  const faults = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith('favicon.ico'))
      faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  try {
    await page.goto(site.url);
    await page.waitForFunction(() => 'consumer' in globalThis, undefined, { timeout: 60_000 });
    const found = await page.evaluate(() => Reflect.get(globalThis, 'consumer'));
    return { ...found, workers, faults };
  } catch (error) {
    throw new Error(`${error}\n${faults.join('\n')}`, { cause: error });
  } finally {
    await page.close();
    site.close();
  }
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {Consumer} consumer
 * @param {string} files
 * @returns {Promise<string>} what it found
 */
async function use(browser, consumer, files) {
  const folder = await build(consumer, files);
  if (consumer.program) {
    cpSync(CLIP, join(folder, 'clip.wav'));
    const { ok, output } = await run(process.execPath, [consumer.program], { quiet: true, cwd: folder });
    if (!ok || !JSON.parse(output).label) throw new Error(output);
    return output.trim();
  }
  if (!consumer.served) return 'compiled';
  const found = await open(browser, consumer, folder);
  const heard = consumer.name === 'worker' || found.level >= -100;
  if (!found.label || !heard || found.workers !== 1 || found.segments < 2 || found.faults.length > 0) {
    throw new Error(JSON.stringify(found, undefined, 2));
  }
  const others = found.frameworks ? ` (${found.frameworks.join(', ')} in components)` : '';
  return `${found.label}${others} ${found.probability.toFixed(2)}, ${found.segments} segments, ${found.bytes ?? 0} bytes read`;
}

await script(async () => {
  const names = argv.slice(2);
  const unknown = names.filter((name) => !CONSUMERS.some((consumer) => consumer.name === name));
  if (unknown.length > 0) throw new Stop(`expected names of tests/consumers, got ${unknown.join(', ')}`);
  if (!existsSync(join(ROOT, 'pkg', 'index.js')))
    throw new Stop('expected the package in pkg/: npm run build');
  const executablePath = (await ensureBrowser()).chromium;
  if (!executablePath) throw new Stop('expected Chromium, found none');
  const files = await pack();
  const flags = [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${CLIP}`,
    '--autoplay-policy=no-user-gesture-required',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const browser = await chromium.launch({ executablePath, args: flags });
  const failed = [];
  for (const consumer of CONSUMERS) {
    if (names.length > 0 && !names.includes(consumer.name)) continue;
    const start = performance.now();
    try {
      const found = await use(browser, consumer, files);
      console.log(`${consumer.name}: ${found} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed.push(consumer.name);
      console.log(`${consumer.name}: FAILED\n${error instanceof Error ? error.message : error}`);
    }
  }
  await browser.close();
  rmSync(WORK, { recursive: true, force: true });
  if (failed.length > 0) throw new Stop(`failed: ${failed.join(', ')}`);
});
