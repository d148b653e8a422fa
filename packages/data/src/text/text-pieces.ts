import { DataError } from '../errors.js';
import type { LoadedText } from './decode-text.js';
import { loadText, type LoadTextOptions } from './load-text.js';
import { type ByteFile, readPieces } from './read-pieces.js';
import type { TextPieces, TextPiecesOptions } from './read-pieces.js';
import { Sha256 } from './sha256.js';

/** What the browser's `textPieces` reads, besides texts by name: a file, some files in their order, or a stream. */
export type ByteInput = Blob | readonly Blob[] | ReadableStream<Uint8Array>;

/**
 * A text in pieces, so that it never is in memory as a whole: of files that a page was given, or of a stream, which can be read once.
 * A data set or the text at a URL is loaded as by {@link loadText}, and what that returns is taken too. Files are UTF-8, UTF-16 with a
 * byte order mark, or one of these compressed by gzip. The `textPieces` of `@llm101/data/node` also reads files by their path, folders and
 * standard input.
 *
 * Errors come as pieces are read.
 *
 * @throws TypeError when the source is of another kind
 */
export function textPieces(
  source: string | LoadedText | ByteInput,
  options: TextPiecesOptions & LoadTextOptions = {},
): TextPieces {
  if (typeof source === 'string') return loadedPieces(source, () => loadText(source, options));
  if ('sha256' in source) return loadedPieces(source.name, async () => source);
  const files = filesOf(source);
  const blobs = files.filter((file) => file instanceof Blob);
  const size = blobs.reduce((sum, blob) => sum + blob.size, 0);
  const name = files.length === 1 ? nameOf(files[0]) : `${files.length} files`;
  return readPieces(
    {
      name,
      files: files.map((file) => byteFile(file, files.length > 1)),
      size: blobs.length === files.length ? size : undefined,
      hasher: () => new Sha256(),
      gunzip: (chunks) => bytesOf(streamOf(chunks).pipeThrough(new DecompressionStream('gzip'))),
    },
    options,
  );
}

/** The pieces of a text that is loaded when the first one is asked for, and kept. */
export function loadedPieces(name: string, load: () => Promise<LoadedText>): TextPieces {
  let loading: Promise<LoadedText> | undefined;
  let loaded: LoadedText | undefined;
  return {
    name,
    async *[Symbol.asyncIterator]() {
      loading ??= load();
      loaded = await loading;
      const { text } = loaded;
      for (let at = 0; at < text.length;) {
        const isCut = /[\ud800-\udbff]/.test(text.charAt(at + PIECE - 1)); // within a code point
        const end = at + PIECE - (isCut ? 1 : 0);
        yield text.slice(at, end);
        at = end;
      }
    },
    summary() {
      if (loaded === undefined)
        throw new DataError(`${name}: the text must be read to its end first`);
      const { characters, sha256, text } = loaded;
      return { name, characters, sha256, files: 1, bytes: new TextEncoder().encode(text).length };
    },
    async close() {
      loading = undefined;
    },
  };
}

/** UTF-16 code units of a piece. */
const PIECE = 2 ** 18;

function filesOf(source: ByteInput): readonly (Blob | ReadableStream<Uint8Array>)[] {
  const files = Array.isArray(source) ? source : [source];
  const isInput = (file: unknown): boolean =>
    file instanceof Blob || (file instanceof ReadableStream && files.length === 1);
  if (files.length > 0 && files.every(isInput)) return files;
  throw new TypeError(
    'textPieces: the source must be a name of a data set, a URL, a text by loadText, a Blob, a list of these or a ReadableStream; got something else',
  );
}

const nameOf = (file: Blob | ReadableStream<Uint8Array>): string =>
  'name' in file && typeof file.name === 'string' ? file.name : 'the text';

function byteFile(file: Blob | ReadableStream<Uint8Array>, isOfMany: boolean): ByteFile {
  const name = nameOf(file);
  let isRead = false;
  return {
    name,
    path: isOfMany ? name : undefined,
    chunks() {
      if (file instanceof Blob) return bytesOf(file.stream());
      if (isRead) {
        throw new DataError(
          `${name}: a stream can be read once; make a Blob of it to read it again`,
        );
      }
      isRead = true;
      return bytesOf(file);
    },
  };
}

/** Not every engine can walk a stream. */
async function* bytesOf(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<BufferSource> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value.slice());
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
