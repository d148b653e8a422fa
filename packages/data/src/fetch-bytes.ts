import { DataError } from './data-error.js';

/** Options of {@link fetchBytes}. */
export interface FetchOptions {
  /** Used in place of the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Ends the download; its reason is thrown as it is. */
  readonly signal?: AbortSignal;
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
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${url}: could not be fetched (${why(cause)}); check the network`, {
      cause,
    });
  }
}

/** Node's fetch says only "fetch failed"; the reason is underneath. */
function why(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ''
    ? error.cause.message
    : error.message;
}
