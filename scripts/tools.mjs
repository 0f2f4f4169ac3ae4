// What the build needs on this machine: found, or installed where that is ours to do.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, Stop, must, output } from './run.mjs';

const TARGET = 'wasm32-unknown-unknown';

/** Makes the Rust toolchain of rust-toolchain.toml, its wasm target and the npm packages available. */
export async function ensureTools() {
  await ensureRust();
  await ensurePackages();
}

/** Checks cargo, and has rustup install the pinned toolchain and the wasm target where they are missing. */
export async function ensureRust() {
  const hasRustup = output('rustup', ['--version']) !== undefined;
  if (!hasRustup && output('cargo', ['--version']) === undefined) {
    throw new Stop(
      'expected cargo on the PATH, found none: install Rust from https://rustup.rs and try again',
    );
  }
  if (hasTarget()) return;
  if (!hasRustup) {
    throw new Stop(
      `expected Rust's ${TARGET} target, found none: install it, or Rust from https://rustup.rs`,
    );
  }
  // Asked for by name: rustup may be set not to install what rust-toolchain.toml lists by itself.
  if (output('rustc', ['--version']) === undefined) await must('rustup', ['toolchain', 'install']);
  if (!hasTarget()) await must('rustup', ['target', 'add', TARGET]);
}

function hasTarget() {
  const folder = output('rustc', ['--print', 'target-libdir', '--target', TARGET]);
  return folder !== undefined && existsSync(folder);
}

/** Makes clippy and rustfmt available. */
export async function ensureLinters() {
  for (const [program, component] of [
    ['cargo-clippy', 'clippy'],
    ['cargo-fmt', 'rustfmt'],
  ]) {
    if (program && component && output(program, ['--version']) === undefined) {
      await must('rustup', ['component', 'add', component]);
    }
  }
}

/** Installs the npm packages that package-lock.json lists, unless they are there. */
export async function ensurePackages() {
  if (!packagesInstalled()) await must('npm', ['ci', '--no-audit', '--no-fund']);
}

/** Whether npm's own record of node_modules holds every package of the lock file in its version. */
function packagesInstalled() {
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages ?? {};
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/** Builds the npm package in pkg/; cargo and xtask skip what has not changed. */
export async function buildPackage() {
  await must('cargo', packageCommand());
}

/** cargo's arguments for building the package. */
export function packageCommand() {
  return ['xtask', 'package'];
}
