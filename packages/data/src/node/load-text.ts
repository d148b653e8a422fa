import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { count, DataError } from '../errors.js';
import { dataSets } from '../text/data-sets.js';
import { type LoadedText, sha256 as hash } from '../text/decode-text.js';
import { fetchBytes, MOST_TEXT_BYTES } from '../text/fetch-bytes.js';
import { type Download, loadFrom, type LoadTextOptions } from '../text/load-text.js';
import { DownloadCache, findInDataFolder } from './local-copies.js';

/** Options of Node's {@link loadText}. */
export interface NodeLoadTextOptions extends LoadTextOptions {
  /**
   * Where downloads with a hash are kept. Default: `LLM101_CACHE_DIR`, else `$XDG_CACHE_HOME/llm101`, else
   * `~/.cache/llm101`.
   */
  readonly cacheDir?: string;
}

/**
 * Loads a named data set, a text at an http(s) URL, or a file. A name of a data set comes before a file of that
 * name; `./names` is the file. What has a hash is looked for in the folder `LLM101_DATA_DIR` (data sets only)
 * and among earlier downloads before it is fetched.
 *
 * @param source - a name of `dataSets`, a URL or a path
 * @throws DataError when the source is unknown, can't be read or fetched, has another hash, is empty or isn't
 * UTF-8
 * @throws TypeError, RangeError for a source or a hash of the wrong form
 */
export function loadText(source: string, options: NodeLoadTextOptions = {}): Promise<LoadedText> {
  const download = (request: Download) => fetchOnce(request, options);
  const { maxBytes = MOST_TEXT_BYTES } = options;
  return loadFrom({ download, other: (path) => readFileBytes(path, maxBytes) }, source, options);
}

async function fetchOnce(
  { url, sha256, fileNames }: Download,
  options: NodeLoadTextOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (sha256 === undefined) return fetchBytes(url, options);
  const cache = new DownloadCache(options.cacheDir);
  const kept = (await findInDataFolder(fileNames, sha256)) ?? (await cache.read(sha256));
  if (kept !== undefined) return kept;
  const bytes = await fetchOrSayHow({ url, sha256, fileNames }, options);
  if ((await hash(bytes)) === sha256) await cache.write(sha256, bytes);
  return bytes;
}

/** Fetches; when a data set can't be, the error also says how to do without the network. */
async function fetchOrSayHow(
  { url, sha256, fileNames }: Download,
  options: NodeLoadTextOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await fetchBytes(url, options);
  } catch (cause) {
    if (!(cause instanceof DataError) || fileNames.length === 0) throw cause;
    const message = `${cause.message}, or name by LLM101_DATA_DIR a folder that holds it as ${fileNames.join(' or ')}, SHA-256 ${sha256}`;
    throw new DataError(message, { cause });
  }
}

/** @throws DataError when there is no such file, it is a folder, it has too many bytes, or it can't be read */
async function readFileBytes(source: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readWithin(source, maxBytes);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(explain(source, cause), { cause });
  }
}

/** A pipe, as of `--data <(…)`, and a device have no size: they are read to their end, or to the limit. */
async function readWithin(source: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(source);
  try {
    const stats = await file.stat();
    if (stats.isFile() && stats.size > maxBytes) throw tooLong(source, stats.size, maxBytes);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let total = 0;
    for (;;) {
      const chunk = new Uint8Array(Math.max(stats.isFile() ? stats.size - total : 0, 1 << 16));
      const { bytesRead } = await file.read(chunk);
      if (bytesRead === 0) return new Uint8Array(await new Blob(chunks).arrayBuffer());
      total += bytesRead;
      if (total > maxBytes) throw tooLong(source, total, maxBytes);
      chunks.push(chunk.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

function tooLong(source: string, bytes: number, maxBytes: number): DataError {
  return new DataError(
    `loadText: a text may have ${count(maxBytes)} bytes; ${resolve(source)} has ${count(bytes)} or more; take a part of it`,
  );
}

/** What is wrong with a path that can't be read. */
export function explain(source: string, error: unknown, what = 'a file'): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const path = resolve(source);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `'${source}' is neither a data set (${[...dataSets.keys()].join(', ')}) nor ${what}; there is no ${path}; check the path`;
    case 'EISDIR':
      return `'${source}' must be a file; ${path} is a folder; name a file in it`;
    default:
      return `${path} can't be read (${error instanceof Error ? error.message : String(error)}); check its permissions`;
  }
}
