import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

const built = fileURLToPath(new URL('../../dist/site', import.meta.url));

/** The texts beside the repository, where they are. */
export const sharedTexts = fileURLToPath(new URL('../../../../../shared', import.meta.url));

/** The built page on 127.0.0.1. */
export interface Site {
  /** `http://127.0.0.1:40123/` */
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** Serves the built page, without headers of its own, as a plain host of files does; with `isolated` with those that let threads share memory. */
export async function serve({ isolated = false, port = 0 } = {}): Promise<Site> {
  const headers: Record<string, string> = isolated
    ? {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      }
    : {};
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const path = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const [, text] = /^\/texts\/(.+)$/.exec(path) ?? [];
    const file = text === undefined ? join(built, path) : join(sharedTexts, text);
    try {
      const body = await readFile(file);
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    } catch {
      response.writeHead(404, headers).end();
    }
  };
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('the server has no port');
  return {
    address: `http://127.0.0.1:${at.port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
