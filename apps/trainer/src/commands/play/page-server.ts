import { createReadStream } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DataError, dataSets } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import type { Output } from '../../terminal/output.js';
import type { ServedRun } from './served-run.js';
import type { SiteFiles } from './site-files.js';

/** What is served. */
export interface PageParts {
  readonly site: SiteFiles;
  readonly run: ServedRun | undefined;
  readonly output: Output;
}

/** By these headers threads of the page share memory, and no other page reads what is served or shows it as a part of its own. */
const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.jsonl': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/**
 * Answers with the page's files, texts by their names at `texts/`, and the run's files at `run/`, where a list of them is. What isn't in one of
 * these lists isn't there: no path is made of an address.
 */
export function pageServer(parts: PageParts): RequestListener {
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    answer(request, response, parts).catch((error: unknown) => {
      parts.output.note(`${request.url ?? ''}: ${messageOf(error)}`);
      if (response.headersSent) response.destroy();
      else say(response, 500, messageOf(error));
    });
  };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { site, run, output }: PageParts,
): Promise<void> {
  if (!isOurs(request)) {
    say(response, 403, 'This page is for 127.0.0.1 alone; open it by that address.');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    say(response, 405, 'Files here can only be read.');
    return;
  }
  const path = pathOf(request.url ?? '');
  const text = path.startsWith('/texts/') ? dataSetOfFile(path.slice('/texts/'.length)) : undefined;
  if (text !== undefined) await sendText(response, { name: text, output });
  else if (run !== undefined && path === '/run/') sendList(response, run);
  else if (run !== undefined && path.startsWith('/run/')) {
    await sendFile(response, run.files().get(path.slice('/run/'.length)));
  } else await sendFile(response, site.get(path === '/' ? '/index.html' : path));
}

/** Whether it was asked by this machine's own address: a name elsewhere that someone lets lead here is another. */
function isOurs({ headers: { host = '' }, socket: { localPort } }: IncomingMessage): boolean {
  const port = localPort === 80 ? '' : `:${localPort}`; // a browser leaves out 80
  return host === `127.0.0.1${port}` || host === `localhost${port}`;
}

/** What an address names, decoded; empty where it names nothing. */
function pathOf(url: string): string {
  try {
    return decodeURIComponent(url.replace(/[?#].*$/, ''));
  } catch {
    return '';
  }
}

/** The name of the data set that a file is. */
function dataSetOfFile(file: string): string | undefined {
  return [...dataSets].find(([, set]) => 'fileNames' in set && set.fileNames[0] === file)?.[0];
}

/** A text as the command finds it: in the folder of `LLM101_DATA_DIR`, among earlier downloads, or fetched. */
async function sendText(
  response: ServerResponse,
  { name, output }: { readonly name: string; readonly output: Output },
): Promise<void> {
  try {
    const { text } = await loadText(name);
    response.setHeader('content-type', TYPES['.txt']);
    response.end(text);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    output.note(error.message);
    say(response, 404, error.message);
  }
}

/** The run's name and the paths of its files. */
function sendList(response: ServerResponse, { name, files }: ServedRun): void {
  response.setHeader('content-type', TYPES['.json']);
  response.end(JSON.stringify({ name, files: [...files().keys()] }));
}

async function sendFile(response: ServerResponse, file: string | undefined): Promise<void> {
  if (file === undefined) {
    say(response, 404, 'There is no such file.');
    return;
  }
  response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
  if (response.req.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file), response).catch(ignoreGone);
}

/** The browser may leave before all is sent. */
function ignoreGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

function say(response: ServerResponse, status: number, sentence: string): void {
  response.setHeader('content-type', TYPES['.txt']);
  response.statusCode = status;
  response.end(`${sentence}\n`);
}
