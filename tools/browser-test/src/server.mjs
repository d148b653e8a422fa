import { createServer } from 'node:http';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, normalize } from 'node:path';

const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
});

/**
 * A folder on 127.0.0.1.
 *
 * @typedef {object} Site
 * @property {string} address - `http://127.0.0.1:40123/`
 * @property {() => void} stop
 */

/**
 * Serves a folder on a free port of 127.0.0.1; PUT writes into it.
 *
 * @param {string} folder
 * @param {Record<string, string>} [headers] - of every answer
 * @returns {Promise<Site>}
 */
export function serve(folder, headers = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    // A URL's path has no `..` left.
    const path = join(
      folder,
      normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname),
    );
    if (request.method === 'PUT') {
      /** @type {Buffer[]} */
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, Buffer.concat(chunks));
        response.writeHead(204).end();
      });
      return;
    }
    const body = read(path);
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, ...headers }).end(body);
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const at = server.address();
      if (at === null || typeof at === 'string') return reject(new Error('the server has no port'));
      return resolve({
        address: `http://127.0.0.1:${at.port}/`,
        stop() {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
