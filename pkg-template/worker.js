/**
 * The package's worker: the engine, asked by messages. In: `{ id, method, payload, heard }`, where progress is `heard` or not, or `{ id, abort }`.
 * Out: `{ id, result }`, `{ id, error: { name, code, message } }` or `{ id, progress }`; and `{ life }`, a lock's name.
 * @module
 */
import './browser.js';
import { call } from './engine.js';

/** @type {Map<number, AbortController>} */
const running = new Map();

addEventListener('message', async ({ data: { id, method, payload, heard, abort } }) => {
  if (abort) {
    running.get(id)?.abort();
    return;
  }
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const tell = (/** @type {object} */ progress) => postMessage({ id, progress });
    const onProgress = heard ? tell : undefined;
    const result = await call(method, payload, { signal: controller.signal, onProgress });
    postMessage({ id, result });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    postMessage({ id, error: { name, message, code } });
  } finally {
    running.delete(id);
  }
});

// Held for as long as this worker lives, however it ends.
const life = `speech-emotion ${Math.random()}`;
const held = navigator.locks?.request(life, () => {
  postMessage({ life });
  return new Promise(() => {});
});
// Frames without an origin of their own have no locks.
held?.catch(() => {});
