// A worker of the page's own, in which the package runs without a further one.
const worker = new Worker(new URL('./own-worker.js', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }) => {
  globalThis.consumer = data;
};
