import { count, DataError } from '../errors.js';

/** Options of {@link fetchBytes}. */
export interface FetchOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Aborts the download; its reason is thrown unchanged. */
  readonly signal?: AbortSignal;
  /** Called with each URL before it is fetched. */
  readonly onFetch?: (url: string) => void;
  /** How long the server may send nothing, in milliseconds. Default: 30_000. */
  readonly patienceMs?: number;
  /**
   * After how long a download must have brought 1,000 bytes a second, in milliseconds: one that drips has no end.
   * Default: 30_000.
   */
  readonly slowAfterMs?: number;
  /** How long a download may take in all, in milliseconds. Default: 600_000. */
  readonly maxMs?: number;
  /** How many bytes may come, once they are decompressed. Default: 256_000_000. */
  readonly maxBytes?: number;
  /** Called as bytes arrive, with how many there are and, where the server says so, how many there will be. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

/** How many bytes a text may have by default. */
export const MOST_TEXT_BYTES = 256_000_000;

/** What a download brings a second at least, once it counts as slow. */
const LEAST_BYTES_A_SECOND = 1000;

/** What to do about a text that is too large, or a server that is too slow. */
const FETCH_IT = 'fetch it by another program and name the file';

/** The bytes at a URL. @throws DataError as {@link fetchChunks} */
export async function fetchBytes(
  url: string,
  options: FetchOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const bytes of fetchChunks(url, options)) chunks.push(bytes);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/**
 * The bytes at a URL, as they come.
 *
 * @throws DataError when the server can't be reached, breaks off, falls silent, is too slow, sends too much, or answers with
 * another status than 200
 */
export async function* fetchChunks(
  url: string,
  options: FetchOptions,
): AsyncIterable<Uint8Array<ArrayBuffer>> {
  const { signal, onFetch, patienceMs = 30_000, maxMs = 600_000 } = options;
  checkNoPassword(url);
  // A browser's fetch refuses to be called as a method of another object.
  const get = options.fetch ?? globalThis.fetch;
  signal?.throwIfAborted();
  onFetch?.(url);
  const silence = new SilenceTimer(patienceMs);
  const end = AbortSignal.timeout(maxMs);
  try {
    const ends = [silence.signal, end, ...(signal === undefined ? [] : [signal])];
    const response = await get(url, { signal: AbortSignal.any(ends) });
    if (response.status !== 200) {
      await response.body?.cancel().catch(() => undefined);
      const status = `${response.status} ${response.statusText.slice(0, 200)}`.trimEnd();
      throw new DataError(`${url}: HTTP status must be 200; got ${status}; check the address`);
    }
    yield* readBody(url, response, { ...options, silence });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof DataError) throw cause;
    if (end.aborted) {
      throw new DataError(
        `${url}: a download may take ${maxMs / 1000} s; this takes longer; ${FETCH_IT}`,
        { cause },
      );
    }
    const reason = silence.signal.aborted ? silence.description : why(cause);
    throw new DataError(`${url}: could not be fetched (${reason}); check the network`, { cause });
  } finally {
    silence.stop();
  }
}

/** It would be in logs, in a run's settings and in its report; and fetch refuses it, showing it. */
function checkNoPassword(url: string): void {
  const { username = '', password = '' } = URL.canParse(url) ? new URL(url) : {};
  if (username === '' && password === '') return;
  throw new DataError(
    `${url.replace(/\/\/[^/]*@/, '//***@')}: an address must be without a user and a password; ${FETCH_IT}`,
  );
}

async function* readBody(
  url: string,
  response: Response,
  options: FetchOptions & { readonly silence: SilenceTimer },
): AsyncIterable<Uint8Array<ArrayBuffer>> {
  const { silence, onProgress, slowAfterMs = 30_000, maxBytes = MOST_TEXT_BYTES } = options;
  const total = totalOf(response.headers);
  const reader = response.body?.getReader();
  let [received, elapsedMs] = [0, 0];
  try {
    for (;;) {
      silence.start();
      const startMs = performance.now();
      const { value } = (await reader?.read()) ?? {};
      if (value === undefined) return;
      elapsedMs += performance.now() - startMs; // what is done with the bytes doesn't count
      received += value.length;
      const problem = problemOf({ received, total, elapsedMs });
      if (problem !== undefined) throw new DataError(`${url}: ${problem}; ${FETCH_IT}`);
      onProgress?.(received, total);
      silence.stop();
      yield value;
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }

  function problemOf(so: { received: number; total: number | undefined; elapsedMs: number }) {
    if (Math.max(so.received, so.total ?? 0) > maxBytes) {
      return `a text may have ${count(maxBytes)} bytes; this has more`;
    }
    if (so.elapsedMs < slowAfterMs || 1000 * so.received >= LEAST_BYTES_A_SECOND * so.elapsedMs) {
      return undefined;
    }
    return `a download must bring ${count(LEAST_BYTES_A_SECOND)} bytes a second; got ${count(so.received)} in ${(so.elapsedMs / 1000).toFixed(1)} s`;
  }
}

/** `undefined` for a compressed body, whose length counts the bytes that travel, not those that come out. */
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

/** Aborts once nothing has come for a while: `start` again whenever something has. */
class SilenceTimer {
  readonly #controller = new AbortController();
  readonly #patienceMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param patienceMs - counted from now, and again from each `start` */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
    this.start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get description(): string {
    return `nothing came for ${this.#patienceMs / 1000} s`;
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#controller.abort(), this.#patienceMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
