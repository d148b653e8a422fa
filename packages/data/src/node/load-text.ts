import { DataError } from '../data-error.js';
import { fetchBytes } from '../fetch-bytes.js';
import { type Download, loadFrom, type LoadTextOptions } from '../load-from.js';
import type { LoadedText } from '../loaded-text.js';
import { sha256 as hash } from '../sha-256.js';
import { DownloadCache } from './download-cache.js';
import { findInDataFolder } from './find-in-data-folder.js';
import { readFileBytes } from './read-file-bytes.js';

/** Options of Node's {@link loadText}. */
export interface NodeLoadTextOptions extends LoadTextOptions {
  /**
   * Where downloads with a hash are kept; unless given `LLM101_CACHE_DIR`, else `$XDG_CACHE_HOME/llm101`, else
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
  return loadFrom({ download, other: readFileBytes }, source, options);
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
