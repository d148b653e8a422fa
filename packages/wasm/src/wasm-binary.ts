import { env } from '@tensorflow/tfjs-core';

/** A file of the backend, as tfjs calls it. */
export type BinaryName = (typeof NAMES)[number];

/** The folder of the backend's files, with a slash at its end, or a URL for each; what tfjs' `setWasmPaths` takes. */
export type BinaryPaths = string | Record<BinaryName, string>;

/** The one that is used: with SIMD and on one thread. */
const USED = 'tfjs-backend-wasm-simd.wasm';

const NAMES = ['tfjs-backend-wasm.wasm', USED, 'tfjs-backend-wasm-threaded-simd.wasm'] as const;

/**
 * Where tfjs looks for its files. It wants a URL for each of three; the two that are never fetched get that of the third.
 *
 * @param given - the file's URL, its folder's, or URLs by name
 * @throws TypeError for anything else
 */
export function binaryPaths(given: string | Partial<Record<BinaryName, string>>): BinaryPaths {
  if (typeof given === 'string' && given.endsWith('/')) return given;
  const url = typeof given === 'string' ? given : given?.[USED];
  const isFile = typeof given === 'string' ? /\.wasm(?:[?#]|$)/.test(given) : true;
  if (typeof url !== 'string' || !isFile) {
    throw new TypeError(
      `startBackend: wasmPaths must be the URL of ${USED}, that of its folder with a slash at the end, ` +
        `or an object with that name; got ${JSON.stringify(given)}`,
    );
  }
  return Object.fromEntries(NAMES.map((name) => [name, url])) as Record<BinaryName, string>;
}

/** The smallest module there is: a magic word and a version. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** @throws Error where there is no WebAssembly, or the page may not compile any */
export async function checkWebAssembly(): Promise<void> {
  if (globalThis.WebAssembly === undefined) {
    throw new Error(
      "startBackend: there must be WebAssembly; this engine has none, or has it switched off, as Safari's Lockdown Mode does",
    );
  }
  try {
    await WebAssembly.compile(EMPTY_MODULE);
  } catch (error) {
    throw new Error(
      'startBackend: the page must be allowed to compile WebAssembly; its Content-Security-Policy forbids it; ' +
        `add 'wasm-unsafe-eval' to its script-src (the browser says: ${messageOf(error)})`,
      { cause: error },
    );
  }
}

/**
 * Why the backend didn't start, as far as asking for its file again can tell, or where to look.
 *
 * @param paths - where it was looked for, if the caller has said so
 */
export async function whyBinaryFails(paths: BinaryPaths | undefined): Promise<string> {
  const advice = `check that wasmPaths leads to ${USED}`;
  if (paths === undefined) return `in a browser, say by wasmPaths where ${USED} is served`;
  const url = typeof paths === 'string' ? paths + USED : paths[USED];
  if (env().getBool('IS_NODE')) return advice; // it reads a path, and tfjs logs which
  try {
    const response = await fetch(url, { credentials: 'same-origin' });
    if (!response.ok) return `${url} answers ${response.status}: ${advice}`;
    const start = new Uint8Array(await response.arrayBuffer()).subarray(0, 4);
    if (start.every((byte, i) => byte === EMPTY_MODULE[i]))
      return `${url} is there, and can't be used`;
    const type = response.headers.get('content-type') ?? 'something';
    return `${url} is no WebAssembly but ${type}, as of a server that answers every address with its page: ${advice}`;
  } catch (error) {
    return `${url} can't be fetched (${messageOf(error)}): ${advice}, and that the page's connect-src and the file's server allow it`;
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
