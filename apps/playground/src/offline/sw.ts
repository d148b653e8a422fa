/**
 * The page's service worker. It keeps all files of one build, so that the page opens without a network and never mixes two builds, and adds the
 * headers by which threads share memory, which plain hosts of files don't send. A new build waits until the page is loaded again.
 */

/** Filled in when the page is built: a name by the files' hashes, and the files. */
declare const BUILD: { readonly name: string; readonly files: readonly string[] };

declare const self: ServiceWorkerGlobalScope;

/** Other pages of the same origin have caches too. */
const PREFIX = 'llm101-playground ';
const { name, files } = BUILD;
const CACHE = PREFIX + name;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(files.map((file) => `./${file}`))),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(removeOthers().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  event.respondWith(answer(request));
});

async function removeOthers(): Promise<void> {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept !== undefined) return isolated(kept);
  const found = await fetch(request);
  // a text or a large part that was asked for once is there without a network, too
  if (found.ok && /\/(texts|assets)\//.test(new URL(request.url).pathname)) {
    await cache.put(request, found.clone());
  }
  return isolated(found);
}

/** The same answer, by whose headers the page is isolated from other origins. */
function isolated(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers });
}
