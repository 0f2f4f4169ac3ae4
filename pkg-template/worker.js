/**
 * The package's worker: the engine, asked by messages. In: `{ id, method, payload }`. Out: `{ id, result }` or
 * `{ id, error: { name, code, message } }`; and `{ life }`, a lock's name.
 * @module
 */
import { call } from './engine.js';

addEventListener('message', async ({ data: { id, method, payload } }) => {
  try {
    postMessage({ id, result: await call(method, payload) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    postMessage({ id, error: { name, message, code } });
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
