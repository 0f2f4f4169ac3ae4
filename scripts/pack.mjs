// npm run pack: builds the package and puts into artefacts/package/ its tarball and, beside it, the list of what is in it.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, Stop, output, script } from './run.mjs';
import { sbom } from './sbom.mjs';
import { buildPackage, ensureTools } from './tools.mjs';

const DIST = join(ROOT, 'artefacts', 'package');

await script(async () => {
  await ensureTools();
  await buildPackage();
  const manifest = JSON.parse(readFileSync(join(ROOT, 'pkg', 'package.json'), 'utf8'));
  if (manifest.scripts || manifest.dependencies)
    throw new Stop('expected a package without scripts and dependencies, got one with them');
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST, { recursive: true });
  const packed = output('npm', ['pack', './pkg', '--pack-destination', DIST, '--json', '--ignore-scripts']);
  const tarball = packed && JSON.parse(packed)[0]?.filename;
  if (!tarball) throw new Stop('npm pack failed');
  const modules = ['speech_emotion_bg.wasm', 'speech_emotion_features_bg.wasm'];
  const files = [tarball, ...modules].map((name) => ({
    name,
    bytes: readFileSync(join(name === tarball ? DIST : join(ROOT, 'pkg'), name)),
  }));
  const list = tarball.replace(/\.tgz$/, '.cdx.json');
  const document = sbom(manifest, files);
  writeFileSync(join(DIST, list), `${JSON.stringify(document, null, 2)}\n`);
  console.log(
    `artefacts/package/${tarball}\nartefacts/package/${list}: ${document.components.length} crates`,
  );
});
