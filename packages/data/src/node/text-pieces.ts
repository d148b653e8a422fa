import { createHash } from 'node:crypto';
import { createReadStream, fstatSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { checkWhole, DataError } from '../errors.js';
import { dataSetOf } from '../text/data-sets.js';
import { fetchChunks } from '../text/fetch-bytes.js';
import { type ByteFile, MOST_PIECES_BYTES, readPieces } from '../text/read-pieces.js';
import type { PieceSource, TextPieces, TextPiecesOptions } from '../text/read-pieces.js';
import { loadedPieces } from '../text/text-pieces.js';
import { fileOnDisk, openFile, Spool } from './byte-files.js';
import { filesOf } from './folder.js';
import { explain, loadText, type NodeLoadTextOptions } from './load-text.js';

/** Options of Node's {@link textPieces}. */
export interface NodeTextPiecesOptions extends TextPiecesOptions, NodeLoadTextOptions {
  /** The kinds of files that are taken of a folder, such as `.txt`; with `.gz` after it, too. Default: all. */
  readonly extensions?: readonly string[];
}

/**
 * A text in pieces, so that it never is in memory as a whole.
 *
 * - A file: UTF-8, UTF-16 with a byte order mark, or one of these compressed by gzip, in one member or several.
 * - A folder: the texts of all files in it and in its folders, in the order of their names with numbers as numbers (`2.txt` before
 *   `10.txt`), but for those that begin with a dot; `extensions` takes some kinds only. Between two files is a line end where the first
 *   doesn't end in one, or the `separator`. A link, a pipe and what is no text are errors.
 * - `-`: standard input, a pipe by its path, or a URL: kept in a temporary file, to be read again. A download may take an hour.
 * - A name of a data set, which comes before a file of that name, or a URL with a `sha256`: loaded as by {@link loadText}.
 *
 * @throws TypeError, RangeError for a source or a size of the wrong form
 * @throws DataError when there is no such file, or a folder holds what can't be taken; as pieces are read, one that names the file, and
 * the offset of the byte that is none of a text
 */
export function textPieces(source: string, options: NodeTextPiecesOptions = {}): TextPieces {
  if (typeof source !== 'string' || source === '') {
    throw new TypeError(`textPieces: source must be a string that isn't empty; got '${source}'`);
  }
  if (options.maxBytes !== undefined) checkWhole('textPieces: maxBytes', options.maxBytes, 1);
  const isUrl = /^https?:\/\//i.test(source);
  if (dataSetOf(source) !== undefined || (isUrl && options.sha256 !== undefined)) {
    return loadedPieces(source, () => loadText(source, options));
  }
  if (isUrl) return readPieces(download(source, options), options);
  return readPieces(source === '-' ? standardInput(options) : named(source, options), options);
}

const common = {
  hasher: () => {
    const hash = createHash('sha256');
    return {
      update: (bytes: Uint8Array) => void hash.update(bytes),
      hex: () => hash.digest('hex'),
    };
  },
  gunzip: (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
    const packed = Readable.from(copies(chunks));
    const unpacked = createGunzip({ chunkSize: 2 ** 18 });
    packed.on('error', (error) => unpacked.destroy(error));
    unpacked.on('close', () => packed.destroy());
    return packed.pipe(unpacked);
  },
};

/** A stream holds chunks back, and their memory is used again. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const bytes of chunks) yield bytes.slice();
}

function standardInput(options: NodeTextPiecesOptions): PieceSource {
  const name = 'standard input';
  const { isFile, size } = statsOf(0);
  if (isFile) return { name, files: [openFile(name, 0)], size, ...common };
  return spooled(name, () => process.stdin, options);
}

function statsOf(descriptor: number): { isFile: boolean; size: number } {
  try {
    const stats = fstatSync(descriptor);
    return { isFile: stats.isFile(), size: stats.size };
  } catch {
    return { isFile: false, size: 0 }; // closed
  }
}

function spooled(
  name: string,
  open: () => AsyncIterable<Uint8Array>,
  { maxBytes = MOST_PIECES_BYTES, signal }: NodeTextPiecesOptions,
): PieceSource {
  const spool = new Spool(name, open, { maxBytes, signal });
  return { name, files: [spool], size: undefined, close: async () => spool.close(), ...common };
}

/** How long a download may take that isn't kept in memory. */
const MOST_MS = 3_600_000;

function download(url: string, options: NodeTextPiecesOptions): PieceSource {
  const { maxBytes = MOST_PIECES_BYTES, maxMs = MOST_MS } = options;
  let total: number | undefined;
  const open = (): AsyncIterable<Uint8Array> =>
    fetchChunks(url, { ...options, maxBytes, maxMs, onProgress: (_, size) => (total = size) });
  const source = spooled(url, open, options);
  return {
    ...source,
    get size() {
      return total;
    },
  };
}

function named(source: string, options: NodeTextPiecesOptions): PieceSource {
  const stats = tryStat(source);
  if (stats.isDirectory()) {
    const found = filesOf(source, options.extensions);
    const files = found.map(({ file, path }): ByteFile => fileOnDisk(file, path));
    const size = found.reduce((sum, file) => sum + file.size, 0);
    return { name: source, files, size, ...common };
  }
  if (stats.isFile()) {
    return { name: source, files: [fileOnDisk(source)], size: stats.size, ...common };
  }
  return spooled(source, () => createReadStream(source), options);
}

function tryStat(source: string) {
  try {
    return statSync(source);
  } catch (cause) {
    throw new DataError(explain(source, cause, 'a file or a folder'), { cause });
  }
}
