// What is compiled into the package's modules, from the lock file: a CycloneDX 1.6 document.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, Stop, output } from './run.mjs';

const REGISTRY = 'registry+https://github.com/rust-lang/crates.io-index';

/** @typedef {{ name: string, version: string, checksum?: string | undefined }} Locked */

/** The crates of the lock file, by name and version. @returns {Map<string, Locked>} */
function locked() {
  const text = readFileSync(join(ROOT, 'Cargo.lock'), 'utf8');
  const value = (/** @type {string} */ block, /** @type {string} */ key) =>
    block.match(new RegExp(`^${key} = "(.*)"$`, 'm'))?.[1];
  const crates = text.split('[[package]]\n').slice(1);
  return new Map(
    crates.map((block) => {
      const [name = '', version = ''] = [value(block, 'name'), value(block, 'version')];
      const source = value(block, 'source');
      if (source !== undefined && source !== REGISTRY)
        throw new Stop(`expected ${name} from crates.io, got ${source}`);
      return [`${name} ${version}`, { name, version, checksum: value(block, 'checksum') }];
    }),
  );
}

/**
 * The crates in the modules: the library's own and what it links, neither build scripts' nor procedural macros' crates.
 * @returns {{ name: string, version: string, licence: string }[]}
 */
function linked() {
  const tree = output('cargo', [
    ...['tree', '--locked', '-p', 'speech-emotion', '--target', 'wasm32-unknown-unknown'],
    ...['--edges', 'normal,no-proc-macro', '--prefix', 'none', '--no-dedupe', '--format', '{p}|{l}'],
  ]);
  if (tree === undefined) throw new Stop('cargo tree failed');
  return [...new Set(tree.split('\n'))].sort().map((line) => {
    const [crate = '', licence = ''] = line.split('|');
    const [name = '', version = ''] = crate.split(' ');
    return { name, version: version.replace(/^v/, ''), licence: licence.replaceAll('/', ' OR ') };
  });
}

/**
 * The same for the same lock file and module: neither a date nor a number of its own.
 * @param {{ name: string, version: string, license: string }} manifest of the package
 * @param {{ name: string, bytes: Buffer }[]} files that go with it, such as the tarball
 */
export function sbom(manifest, files) {
  const sha256 = (/** @type {Buffer} */ bytes) => createHash('sha256').update(bytes).digest('hex');
  const known = locked();
  const components = linked().flatMap(({ name, version, licence }) => {
    const crate = known.get(`${name} ${version}`);
    if (!crate) throw new Stop(`expected ${name} ${version} in Cargo.lock, found none`);
    // Our own, which the document is about.
    if (crate.checksum === undefined) return [];
    const purl = `pkg:cargo/${name}@${version}`;
    return {
      type: 'library',
      'bom-ref': purl,
      name,
      version,
      purl,
      licenses: [{ expression: licence }],
      hashes: [{ alg: 'SHA-256', content: crate.checksum }],
    };
  });
  const purl = `pkg:npm/${manifest.name}@${manifest.version}`;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'library',
        'bom-ref': purl,
        name: manifest.name,
        version: manifest.version,
        purl,
        // Code and weights have licences of their own, which lie in it.
        licenses: [{ license: { name: manifest.license } }],
        components: files.map(({ name, bytes }) => ({
          type: 'file',
          'bom-ref': name,
          name,
          hashes: [{ alg: 'SHA-256', content: sha256(bytes) }],
        })),
      },
    },
    components,
    dependencies: [{ ref: purl, dependsOn: components.map((component) => component['bom-ref']) }],
  };
}
