/** Keeps every file of the site, so that it opens and answers without a connection. Its build writes what they are. */

/* global FILES, VERSION */

/** Every address of the site. @type {string[]} */
const files = FILES;
const CACHE = `speech-emotion-${VERSION}`;
const SCOPE = new URL('./', location.href);

const worker = /** @type {any} */ (globalThis);

/** @param {string} file pages always anew, the others from the browser's own cache where it has them */
const request = (file) =>
  new Request(new URL(file, SCOPE), { cache: file.endsWith('.html') ? 'no-cache' : 'default' });

worker.addEventListener('install', (/** @type {any} */ event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files.map(request))));
});

worker.addEventListener('activate', (/** @type {any} */ event) => {
  const clean = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('speech-emotion-') && name !== CACHE) await caches.delete(name);
    }
    // The first visit is served offline too, without a reload.
    await worker.clients.claim();
  };
  event.waitUntil(clean());
});

/**
 * Pages from the network while there is one, so that a new version is seen at once; what carries a hash from the cache.
 * @param {Request} asked
 * @param {string} file
 */
async function answer(asked, file) {
  const cache = await caches.open(CACHE);
  const kept = () => cache.match(new URL(file, SCOPE).href, { ignoreVary: true });
  if (!file.endsWith('.html')) return (await kept()) ?? fetch(asked);
  try {
    return await fetch(asked);
  } catch (error) {
    const page = await kept();
    if (page) return page;
    throw error;
  }
}

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request: asked } = event;
  const { origin, pathname } = new URL(asked.url);
  if (asked.method !== 'GET' || origin !== SCOPE.origin || !pathname.startsWith(SCOPE.pathname)) return;
  const file = decodeURIComponent(pathname.slice(SCOPE.pathname.length)) || 'index.html';
  if (files.includes(file)) event.respondWith(answer(asked, file));
});
