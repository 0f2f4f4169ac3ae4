// What npm run check makes of a registry's advisories: a registry of our own answers.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { audited, denied } from '../../scripts/advisories.mjs';
import { run } from '../../scripts/run.mjs';

/** An advisory against every version, as registries give it. */
const ADVISORY = {
  id: 1,
  url: 'https://example.com/advisory',
  title: 'something is wrong with it',
  severity: 'high',
  vulnerable_versions: '>=0.0.0',
  cwe: [],
  cvss: { score: 8, vectorString: null },
};

/**
 * What `npm audit` finds in the root's lock file, by a registry that answers so.
 * @param {number} status
 * @param {unknown} answer
 */
async function auditedBy(status, answer) {
  const registry = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const asked = request.method === 'POST' && request.url?.includes('/advisories/bulk');
      response.writeHead(asked ? status : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(asked ? answer : {}));
    });
  });
  await new Promise((resolve) => registry.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = registry.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  try {
    const env = { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_fetch_retries: '0' };
    const args = ['audit', '--package-lock-only', '--audit-level=high'];
    return audited('.', await run('npm', args, { env, quiet: true }));
  } finally {
    registry.closeAllConnections();
    registry.close();
  }
}

test('a registry that knows of nothing, of something, or gives no advisories', async () => {
  assert.equal((await auditedBy(200, {})).result, 'passed');
  const found = await auditedBy(200, { esbuild: [ADVISORY] });
  assert.equal(found.result, 'failed');
  assert.match(found.note, /something is wrong with it/);
  assert.equal((await auditedBy(405, {})).result, 'left out');
});

test('an advisory database that is out of reach is no finding, and a finding is one', () => {
  assert.equal(denied({ ok: true, output: '' }).result, 'passed');
  const unreachable = "[ERROR] failed to fetch advisory database https://example.com: can't connect";
  assert.equal(denied({ ok: false, output: unreachable }).result, 'left out');
  assert.equal(denied({ ok: false, output: 'error[vulnerability]: a crate\n' }).result, 'failed');
});
