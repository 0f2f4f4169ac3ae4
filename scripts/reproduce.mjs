// npm run reproduce: packs the package here and once more in a fresh clone of the last commit, and compares every byte.
// Some ten minutes: nothing is shared between the two but the registries' downloads.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, Stop, must, output, run, script } from './run.mjs';

const CLONE = join(ROOT, 'target', 'reproduce');
/** Where `npm run pack` puts what it makes. */
const PACKAGE = join('artefacts', 'package');

await script(async () => {
  const changed = output('git', ['status', '--porcelain', '--untracked-files=no']);
  if (changed !== '')
    throw new Stop('expected everything committed, since the second build is of the last commit');
  await must('npm', ['run', 'pack']);
  rmSync(CLONE, { recursive: true, force: true });
  await must('git', ['clone', '--quiet', '--local', ROOT, CLONE]);
  const { ok } = await run('npm', ['run', 'pack'], { cwd: CLONE });
  if (!ok) throw new Stop('the second build failed');
  const names = readdirSync(join(ROOT, PACKAGE)).sort();
  const second = readdirSync(join(CLONE, PACKAGE)).sort();
  if (names.join() !== second.join())
    throw new Stop(`expected ${names.join(', ')}, got ${second.join(', ')}`);
  const read = (/** @type {string} */ folder, /** @type {string} */ name) =>
    readFileSync(join(folder, PACKAGE, name));
  const different = names.filter((name) => !read(ROOT, name).equals(read(CLONE, name)));
  if (different.length > 0) throw new Stop(`two builds differ in ${different.join(', ')}`);
  console.log(`two builds, the same bytes: ${names.join(', ')}`);
  rmSync(CLONE, { recursive: true, force: true });
});
