import { DataError } from './data-error.js';

/** Options of {@link fetchBytes}. */
export interface FetchOptions {
  /** Used in place of the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Ends the download; its reason is thrown as it is. */
  readonly signal?: AbortSignal;
  /** Told as bytes come: how many there are, and how many there will be, where the server says so. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

/** @throws DataError when the server can't be reached, breaks off, or answers with another status than 200 */
export async function fetchBytes(
  url: string,
  options: FetchOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal } = options;
  // A browser's fetch refuses to be called as a method of another object.
  const get = options.fetch ?? globalThis.fetch;
  signal?.throwIfAborted();
  try {
    const response = await get(url, signal === undefined ? {} : { signal });
    if (response.status !== 200) {
      await response.body?.cancel().catch(() => undefined);
      const status = `${response.status} ${response.statusText}`.trimEnd();
      throw new DataError(`${url}: HTTP status must be 200; got ${status}; check the address`);
    }
    return await readBody(response, options.onProgress);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${url}: could not be fetched (${why(cause)}); check the network`, {
      cause,
    });
  }
}

async function readBody(
  response: Response,
  onProgress: FetchOptions['onProgress'],
): Promise<Uint8Array<ArrayBuffer>> {
  if (onProgress === undefined || response.body === null) {
    return new Uint8Array(await response.arrayBuffer());
  }
  const total = totalOf(response.headers);
  const chunks: Uint8Array[] = [];
  let received = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    received += value.length;
    onProgress(received, total);
  }
  const bytes = new Uint8Array(received);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Of a body that is compressed on its way, the length says how many bytes travel, not how many come out. */
function totalOf(headers: Headers): number | undefined {
  const length = Number(headers.get('Content-Length') ?? NaN);
  return headers.has('Content-Encoding') || !Number.isFinite(length) ? undefined : length;
}

/** Node's fetch says only "fetch failed"; the reason is underneath. */
function why(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ''
    ? error.cause.message
    : error.message;
}
