import { count, DataError } from '../errors.js';
import { dataSetOf, dataSets } from './data-sets.js';
import { decodeText, type LoadedText } from './decode-text.js';
import { fetchBytes, type FetchOptions } from './fetch-bytes.js';

/**
 * Loads a named data set or a text at an http(s) URL. The `loadText` of `@llm101/data/node` also reads files
 * and keeps downloads.
 *
 * @param source - a name of `dataSets`, a toy task with sizes, `sort:length=5`, or a URL
 * @throws DataError when the source is unknown, can't be fetched, has another hash, is empty or isn't UTF-8
 * @throws TypeError, RangeError for a source or a hash of the wrong form
 */
export function loadText(source: string, options: LoadTextOptions = {}): Promise<LoadedText> {
  return loadFrom({ download: ({ url }) => fetchBytes(url, options), other }, source, options);
}

async function other(source: string): Promise<never> {
  throw new DataError(
    `'${source}' is neither a data set (${[...dataSets.keys()].join(', ')}) nor a URL; ` +
      'files are read by loadText of @llm101/data/node',
  );
}

/** Options of `loadText`. */
export interface LoadTextOptions extends FetchOptions {
  /** SHA-256 in hex that the text's bytes must have. */
  readonly sha256?: string;
}

/** What is to be fetched. */
export interface Download {
  readonly url: string;
  /** Lower-case hex; `undefined` when any text will do. */
  readonly sha256: string | undefined;
  /** File names that a copy of a data set may have. */
  readonly fileNames: readonly string[];
}

/** How bytes are found, which differs between the browser's entry and Node's. */
export interface ByteSource {
  download(request: Download): Promise<Uint8Array<ArrayBuffer>>;
  /** Neither a data set nor a URL. */
  other(source: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** Finds out what `source` names, gets its bytes and decodes them. */
export async function loadFrom(
  from: ByteSource,
  source: string,
  options: LoadTextOptions,
): Promise<LoadedText> {
  if (typeof source !== 'string' || source === '') {
    throw new TypeError(`loadText: source must be a string that isn't empty; got '${source}'`);
  }
  const pin = checkSha256(options.sha256);
  const dataSet = dataSetOf(source);
  if (dataSet === undefined) {
    const isUrl = /^https?:\/\//i.test(source);
    const bytes = isUrl
      ? await from.download({ url: source, sha256: pin, fileNames: [] })
      : await from.other(source);
    return decodeText({ name: source, bytes, expected: pin });
  }
  if ('text' in dataSet) {
    const bytes = new TextEncoder().encode(await dataSet.text());
    return decodeText({ name: source, bytes, expected: pin });
  }
  const expected = pin ?? dataSet.sha256;
  const { url, fileNames } = dataSet;
  const bytes = await from.download({ url, sha256: expected, fileNames });
  return decodeText({ name: source, bytes, expected });
}

function checkSha256(hash: string | undefined): string | undefined {
  if (hash !== undefined && !/^[0-9a-f]{64}$/i.test(hash)) {
    throw new RangeError(`loadText: sha256 must be 64 hex digits; got '${hash}'`);
  }
  return hash?.toLowerCase();
}

/** One line for a log: `loaded 228,145 characters from names.txt`. */
export function describeText({
  characters,
  name,
}: Pick<LoadedText, 'characters' | 'name'>): string {
  return `loaded ${count(characters)} characters from ${name}`;
}
