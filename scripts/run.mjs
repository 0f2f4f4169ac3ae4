// Running other programs, for the other scripts.
import { spawn, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { platform } from 'node:process';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** npm's programs are batch files on Windows, which need a shell there. @param {string} command */
const needsShell = (command) => platform === 'win32' && ['npm', 'npx'].includes(command);

/** What stops a script, as one line for the person who started it. */
export class Stop extends Error {}

/**
 * Runs a script's main function and turns what it throws into an exit status and one line.
 * @param {() => Promise<void>} main
 */
export async function script(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Stop ? `error: ${error.message}` : error);
    process.exitCode = 1;
  }
}

/**
 * @typedef {object} Finished
 * @property {boolean} ok whether the program could be started and exited with 0
 * @property {string} output what it printed, where that was not passed on at once
 */

/**
 * Runs a program, in the root unless told otherwise.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, quiet?: boolean, cwd?: string }} [options] quiet: keep the output
 * @returns {Promise<Finished>}
 */
export function run(command, args, { env = {}, quiet = false, cwd = ROOT } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: needsShell(command),
    });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ ok: false, output: `${command}: ${error.message}\n` }));
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }));
  });
}

/**
 * Runs a program in the root and stops the script when it fails.
 * @param {string} command
 * @param {string[]} args
 */
export async function must(command, args) {
  const { ok } = await run(command, args);
  if (!ok) throw new Stop(`${[command, ...args].join(' ')} failed`);
}

/**
 * What a program prints, or nothing when it is missing or fails.
 * @param {string} command
 * @param {string[]} args
 * @returns {string | undefined}
 */
export function output(command, args) {
  const result = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', shell: needsShell(command) });
  return result.status === 0 ? result.stdout.trim() : undefined;
}
