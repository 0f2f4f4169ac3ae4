// What is known against the packages: asked of the sources that know, and said plainly where they don't answer.
import { output, run } from './run.mjs';

/** npm's error codes and statuses of a registry that has no advisories to give, or of no connection to one. */
const UNANSWERED = [/audit endpoint returned an error/i, /\b(ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT)\b/];

/** What cargo-deny says when the advisory database can't be fetched. */
const NO_DATABASE = /failed to fetch advisory database/i;

/**
 * @typedef {object} Finding
 * @property {'passed' | 'failed' | 'left out'} result
 * @property {string} note what was found, or why nothing was asked
 */

/**
 * What `npm audit` says of the packages of a lock file.
 * @param {string} folder where package-lock.json lies, below the root
 * @param {{ ok: boolean, output: string }} finished how it ended and what it printed
 * @returns {Finding}
 */
export function audited(folder, { ok, output: text }) {
  if (ok) return { result: 'passed', note: `npm audit, ${folder}: nothing known` };
  if (UNANSWERED.some((pattern) => pattern.test(text))) {
    return { result: 'left out', note: `npm audit, ${folder}: the registry gives no advisories` };
  }
  return { result: 'failed', note: `npm audit, ${folder}:\n${text.trim()}` };
}

/**
 * What `cargo deny check advisories` says of the workspace.
 * @param {{ ok: boolean, output: string }} finished how it ended and what it printed
 * @returns {Finding}
 */
export function denied({ ok, output: text }) {
  if (ok) return { result: 'passed', note: 'cargo deny, advisories: nothing known' };
  if (NO_DATABASE.test(text)) {
    return { result: 'left out', note: 'cargo deny, advisories: the advisory database is out of reach' };
  }
  return { result: 'failed', note: `cargo deny, advisories:\n${text.trim()}` };
}

/**
 * Licences, sources and doubles by cargo-deny, then what is known against crates and npm packages.
 * @returns {Promise<Finding[]>}
 */
export async function supplyChain() {
  /** @type {Finding[]} */
  const findings = [];
  if (output('cargo', ['deny', '--version']) === undefined) {
    findings.push({
      result: 'left out',
      note: 'cargo deny, which is not installed (cargo install cargo-deny --locked)',
    });
  } else {
    // Apart: these need no network, the advisories come from theirs.
    const { ok } = await run('cargo', ['deny', '--workspace', 'check', 'bans', 'licenses', 'sources']);
    findings.push({ result: ok ? 'passed' : 'failed', note: 'cargo deny, bans, licences and sources' });
    const deny = ['deny', '--workspace', 'check', 'advisories'];
    findings.push(denied(await run('cargo', deny, { quiet: true })));
  }
  for (const folder of ['.', 'bench', 'bench/site']) {
    const audit = ['audit', '--prefix', folder, '--package-lock-only', '--audit-level=high'];
    findings.push(audited(folder, await run('npm', audit, { quiet: true })));
  }
  return findings;
}
