import {
  DataError,
  dataSetOf,
  dataSets,
  loadText,
  textPieces,
  type TextPieces,
} from '@llm101/data';
import type { OwnText } from '../protocol.js';

/** Where the site keeps the texts that it doesn't have in its code: beside the page. */
const folder = new URL(/* @vite-ignore */ '../texts/', import.meta.url);

/**
 * A text in pieces: a data set, from the code or from beside the page, never from another host; or one's own.
 *
 * @param name - of the data set
 * @throws DataError when the text can't be loaded, or isn't what its hash says
 */
export async function piecesOf(name: string, own: OwnText | undefined): Promise<TextPieces> {
  if (own !== undefined) return textPieces(new File([own.file], own.name));
  const set = dataSetOf(name);
  if (set === undefined) throw new DataError(unknown(name));
  if ('text' in set) return textPieces(name);
  const url = new URL(set.fileNames[0], folder).href;
  return textPieces({ ...(await loadText(url, { sha256: set.sha256, fetch: fetchText })), name });
}

const unknown = (name: string): string =>
  `--data must be ${[...dataSets.keys()].join(', ')} or a file that is dropped on this page; got ${name}`;

/** @throws DataError where a server answers with a page of its own, as some do for what they don't have */
const fetchText: typeof fetch = async (...request) => {
  const response = await fetch(...request);
  if (response.ok && response.headers.get('content-type')?.startsWith('text/html') === true) {
    throw new DataError(
      `${new URL(response.url).pathname} must be a text; got a page of the server (HTML); put the text there, or drop its file on this page`,
    );
  }
  return response;
};
