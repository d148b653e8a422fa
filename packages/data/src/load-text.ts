import { DataError } from './data-error.js';
import { dataSets } from './data-sets.js';
import { fetchBytes } from './fetch-bytes.js';
import { loadFrom, type LoadTextOptions } from './load-from.js';
import type { LoadedText } from './loaded-text.js';

/**
 * Loads a named data set or a text at an http(s) URL. The `loadText` of `@llm101/data/node` also reads files
 * and keeps downloads.
 *
 * @param source - a name of `dataSets` or a URL
 * @throws DataError when the source is unknown, can't be fetched, has another hash, is empty or isn't UTF-8
 * @throws TypeError, RangeError for a source or a hash of the wrong form
 */
export function loadText(source: string, options: LoadTextOptions = {}): Promise<LoadedText> {
  return loadFrom({ download: ({ url }) => fetchBytes(url, options), other }, source, options);
}

async function other(source: string): Promise<never> {
  throw new DataError(
    `loadText: '${source}' is neither a data set (${[...dataSets.keys()].join(', ')}) nor a URL; ` +
      'files are read by loadText of @llm101/data/node',
  );
}
