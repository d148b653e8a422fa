import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** A folder on 127.0.0.1. */
export interface Site {
  /** `http://127.0.0.1:40123/` */
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** How a folder is served. */
interface ServeOptions {
  /** Of every answer. Default: none of its own, like a plain host of files. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Others, by what a path in them begins with: `/texts/`. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Whether PUT writes into it. Default: false. */
  readonly writable?: boolean;
}

/** Serves a folder to tests, on a free port of 127.0.0.1. */
export async function serve(
  folder: string,
  { headers = {}, folders = {}, writable = false }: ServeOptions = {},
): Promise<Site> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    try {
      const file = fileOf(request.url ?? '/', { '/': folder, ...folders });
      if (request.method === 'PUT' && writable) {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, await buffer(request));
        response.writeHead(204).end();
      } else {
        const body = await readFile(file);
        const type = TYPES[extname(file)] ?? 'application/octet-stream';
        response.writeHead(200, { 'content-type': type }).end(body);
      }
    } catch {
      response.writeHead(404).end();
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
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

/**
 * A path within one of the folders, by what it begins with; the longest wins.
 *
 * @returns that path: a URL's has no `..` left, and an encoded slash stays encoded
 */
function fileOf(url: string, folders: Readonly<Record<string, string>>): string {
  const { pathname } = new URL(url, 'http://127.0.0.1');
  const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  const [prefix, folder] = Object.entries(folders)
    .filter(([prefix]) => path.startsWith(prefix))
    .reduce((a, b) => (a[0].length >= b[0].length ? a : b));
  return join(folder, path.slice(prefix.length));
}
