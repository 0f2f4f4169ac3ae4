// npm run check: formatting, lints and types of everything, without running a test.
import { supplyChain } from './advisories.mjs';
import { Stop, run, script } from './run.mjs';
import { ensureLinters, ensureTools } from './tools.mjs';

const DENY = ['--', '-D', 'warnings'];
// The features alone, where their module is built.
const FEATURES = ['--no-default-features', '--target-dir', 'target/features'];
const WASM = ['--target', 'wasm32-unknown-unknown', '--profile', 'wasm-test'];

/** @type {[string, string[]][]} */
const CHECKS = [
  ['cargo', ['fmt', '--all', '--check']],
  ['cargo', ['fmt', '--manifest-path', 'bench/native/Cargo.toml', '--check']],
  ['cargo', ['fmt', '--manifest-path', 'fuzz/Cargo.toml', '--check']],
  ['npx', ['prettier', '--check', '.']],
  ['npx', ['eslint', '.']],
  ['npx', ['tsc', '-p', '.']],
  ['cargo', ['clippy', '-p', 'speech-emotion', '-p', 'trainer', '--all-targets', ...DENY]],
  ['cargo', ['clippy', '-p', 'xtask', '--profile', 'wasm-test', '--all-targets', ...DENY]],
  ['cargo', ['clippy', '-p', 'speech-emotion', '--lib', '--test', 'wasm', ...WASM, ...DENY]],
  ['cargo', ['clippy', '-p', 'speech-emotion', '--lib', ...FEATURES, ...WASM, ...DENY]],
];

await script(async () => {
  await ensureTools();
  await ensureLinters();
  const failed = [];
  for (const [command, args] of CHECKS) {
    const line = [command, ...args].join(' ');
    console.log(`\n$ ${line}`);
    if (!(await run(command, args)).ok) failed.push(line);
  }
  console.log('\nwhat is known against the packages');
  for (const { result, note } of await supplyChain()) {
    console.log(`${result.padEnd(9)} ${note}`);
    if (result === 'failed') failed.push(note);
  }
  if (failed.length > 0) throw new Stop(`failed: ${failed.join('; ')}`);
});
