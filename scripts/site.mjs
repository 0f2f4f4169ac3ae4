// The demo site in dist/: www/ and the built package, bundled, with a hash in every name but those of the pages.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { build } from 'esbuild';

import { accuracy, cardPage } from './card-page.mjs';
import { ROOT } from './run.mjs';
import { bars, glyphs, sampleButtons } from './site-parts.mjs';

const WWW = join(ROOT, 'www');
const PKG = join(ROOT, 'pkg');
export const DIST = join(ROOT, 'dist');
/** Where compressed files are kept from build to build: brotli takes seconds over the module. */
const CACHE = join(ROOT, 'target', 'site');

/** What the page loads by itself, under the names that its HTML has for them. @type {Record<string, string>} */
const PAGE = {
  'main.js': join(WWW, 'main.js'),
  'style.css': join(WWW, 'style.css'),
  'card.css': join(WWW, 'card.css'),
};
/** What it asks for by address: each in one piece, since what one imports would be asked for late. @type {Record<string, string>} */
const THREADS = {
  'view-worker.js': join(WWW, 'view-worker.js'),
  'tap-worklet.js': join(WWW, 'tap-worklet.js'),
  'worker.js': join(PKG, 'worker.js'),
  'capture-worklet.js': join(PKG, 'capture-worklet.js'),
};

/** @param {string | Buffer} bytes */
const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 10);

const OPTIONS = /** @type {import('esbuild').BuildOptions} */ ({
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  alias: { 'speech-emotion': join(PKG, 'index.js'), 'speech-emotion/features': join(PKG, 'features.js') },
  legalComments: 'none',
  logLevel: 'warning',
});

/**
 * Bundles scripts and styles.
 * @param {Record<string, string>} entries
 * @param {boolean} splitting whether what is imported on demand becomes files of its own
 * @returns {Promise<{ files: Record<string, string>, chunks: string[] }>} the address of each entry, and of what they
 * import at once
 */
async function bundle(entries, splitting) {
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: Object.values(entries),
    splitting,
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    outdir: DIST,
    metafile: true,
  });
  const address = (/** @type {string} */ output) => relative(DIST, resolve(output)).replaceAll('\\', '/');
  /** @type {Record<string, string>} */
  const files = {};
  /** @type {Set<string>} */
  const chunks = new Set();
  const follow = (/** @type {string} */ output) => {
    for (const { path, kind } of metafile.outputs[output]?.imports ?? []) {
      if (kind !== 'import-statement' || chunks.has(address(path))) continue;
      chunks.add(address(path));
      follow(path);
    }
  };
  for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
    const [name] =
      Object.entries(entries).find(([, path]) => entryPoint && resolve(entryPoint) === path) ?? [];
    if (!name) continue;
    files[name] = address(output);
    follow(output);
  }
  return { files, chunks: [...chunks] };
}

/**
 * Copies a file under a name with its hash.
 * @param {string} path
 * @returns {string} its address
 */
function copy(path) {
  const extension = extname(path);
  const name = `assets/${basename(path, extension)}-${hashOf(readFileSync(path))}${extension}`;
  cpSync(path, join(DIST, name));
  return name;
}

/**
 * Fills `{{name}}` in a page.
 * @param {string} page
 * @param {Record<string, string>} values
 */
function fill(page, values) {
  return page.replace(/\{\{([^}]+)\}\}/g, (_, name) => {
    // A part with its own words: {{bars:ID:LABEL}}.
    const [part, id = '', label = ''] = name.split(':');
    const value = part === 'bars' ? bars(id, label) : values[name];
    if (value === undefined) throw new Error(`expected a value for {{${name}}} in a page, found none`);
    return value;
  });
}

/** Writes the compressed form of what compresses beside it, for servers that look for it. */
function compress() {
  mkdirSync(CACHE, { recursive: true });
  for (const name of list(DIST).filter((path) => /\.(js|css|html|svg|wasm|webmanifest|json)$/.test(path))) {
    const bytes = readFileSync(join(DIST, name));
    const kept = join(CACHE, hashOf(bytes));
    if (!existsSync(`${kept}.br`)) {
      const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      writeFileSync(`${kept}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(`${kept}.br`, brotliCompressSync(bytes, { params }));
    }
    for (const suffix of ['.br', '.gz']) cpSync(kept + suffix, join(DIST, name) + suffix);
  }
}

/**
 * @param {string} folder
 * @returns {string[]} its files' addresses in it
 */
function list(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** Builds the site; the package has to be there. */
export async function buildSite() {
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(join(DIST, 'assets'), { recursive: true });
  const { files, chunks } = await bundle(PAGE, true);
  Object.assign(files, (await bundle(THREADS, false)).files);
  const wasm = join(PKG, 'speech_emotion_bg.wasm');
  files['network.wasm'] = copy(wasm);
  files['features.wasm'] = copy(join(PKG, 'speech_emotion_features_bg.wasm'));
  for (const icon of ['icon.svg', 'icon-192.png', 'icon-512.png']) files[icon] = copy(join(WWW, icon));
  const samples = JSON.parse(readFileSync(join(WWW, 'samples', 'samples.json'), 'utf8'));
  for (const { file } of samples) files[file] = copy(join(WWW, 'samples', file));
  const manifest = fill(readFileSync(join(WWW, 'manifest.webmanifest'), 'utf8'), files);
  files['manifest'] = `assets/manifest-${hashOf(manifest)}.webmanifest`;
  writeFileSync(join(DIST, files['manifest']), manifest);

  const size = String(readFileSync(wasm).length);
  const page = readFileSync(join(WWW, 'index.html'), 'utf8');
  const preloads = chunks.map((chunk) => `<link rel="modulepreload" href="./${chunk}" />`).join('');
  const parts = { preloads, glyphs: glyphs(), samples: sampleButtons(samples), accuracy: accuracy() };
  const values = { ...files, ...parts, files: JSON.stringify(files), 'network.bytes': size };
  writeFileSync(join(DIST, 'index.html'), fill(page, values));
  const card = readFileSync(join(WWW, 'model-card.html'), 'utf8');
  writeFileSync(join(DIST, 'model-card.html'), fill(card, { ...files, ...cardPage() }));

  // Last: it knows all the others, and its own version is theirs.
  const cached = list(DIST);
  const version = hashOf(cached.map((name) => hashOf(readFileSync(join(DIST, name)))).join());
  await build({
    ...OPTIONS,
    entryPoints: [join(WWW, 'sw.js')],
    outfile: join(DIST, 'sw.js'),
    define: { FILES: JSON.stringify(cached), VERSION: JSON.stringify(version) },
  });
  compress();
}
