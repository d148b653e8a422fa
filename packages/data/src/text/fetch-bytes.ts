import { DataError } from '../errors.js';

/** Options of {@link fetchBytes}. */
export interface FetchOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Aborts the download; its reason is thrown unchanged. */
  readonly signal?: AbortSignal;
  /** Called with each URL before it is fetched. */
  readonly onFetch?: (url: string) => void;
  /** How long the server may send nothing, in milliseconds. @defaultValue 30_000 */
  readonly patienceMs?: number;
  /** Called as bytes arrive, with how many there are and, where the server says so, how many there will be. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

/**
 * @throws DataError when the server can't be reached, breaks off, falls silent, or answers with another status than 200
 */
export async function fetchBytes(
  url: string,
  options: FetchOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, onFetch, onProgress, patienceMs = 30_000 } = options;
  // A browser's fetch refuses to be called as a method of another object.
  const get = options.fetch ?? globalThis.fetch;
  signal?.throwIfAborted();
  onFetch?.(url);
  const silence = new SilenceTimer(patienceMs);
  try {
    const ends = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
    const response = await get(url, { signal: ends });
    if (response.status !== 200) {
      await response.body?.cancel().catch(() => undefined);
      const status = `${response.status} ${response.statusText}`.trimEnd();
      throw new DataError(`${url}: HTTP status must be 200; got ${status}; check the address`);
    }
    return await readBody(response, silence, onProgress);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof DataError) throw cause;
    const reason = silence.signal.aborted ? silence.description : why(cause);
    throw new DataError(`${url}: could not be fetched (${reason}); check the network`, { cause });
  } finally {
    silence.stop();
  }
}

async function readBody(
  response: Response,
  silence: SilenceTimer,
  onProgress: FetchOptions['onProgress'],
): Promise<Uint8Array<ArrayBuffer>> {
  const total = totalOf(response.headers);
  const reader = response.body?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  for (;;) {
    silence.start();
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    chunks.push(value);
    received += value.length;
    onProgress?.(received, total);
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
