import { count, DataError } from '../errors.js';
import { byteDecoder } from './byte-decoder.js';
import { chain, inChunks, LEAST } from './chunks.js';
import type { Hasher } from './sha256.js';

/** A text in pieces. Each iteration reads it from its beginning. */
export interface TextPieces extends AsyncIterable<string> {
  /** What is read, as it was asked for. */
  readonly name: string;
  /**
   * What was read, once an iteration came to its end.
   *
   * @throws DataError before
   */
  summary(): TextSummary;
  /** Lets go of what is kept to read the text again. */
  close(): Promise<void>;
}

/** A text that was read in pieces. */
export interface TextSummary {
  /** What was read, as it was asked for. */
  readonly name: string;
  /**
   * SHA-256 of the bytes as they were read, in hex: what `sha256sum` prints for a file. Of a folder that of the list that
   * `sha256sum` prints of its files.
   */
  readonly sha256: string;
  /** How many files. */
  readonly files: number;
  /** Characters of the text: code points. */
  readonly characters: number;
  /** Bytes of the text in UTF-8. */
  readonly bytes: number;
}

/** Options of `textPieces`. */
export interface TextPiecesOptions {
  /** How many bytes the text may have, once it is decompressed. Default: 8_000_000_000. */
  readonly maxBytes?: number;
  /**
   * What stands between the texts of two files. Default: a line end, where the text before doesn't end in one.
   */
  readonly separator?: string;
  /** Called as bytes are read, with how many there are and, where that is known, how many there will be. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
  /** Ends the work; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** A file, or something else that gives bytes. */
export interface ByteFile {
  /** Named in errors. */
  readonly name: string;
  /** Its path in the folder that is read, with `/`; `undefined` where it is alone. */
  readonly path: string | undefined;
  /** Bytes from the first one on; the memory of a chunk may be used again for the next. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** What is read, and by what. */
export interface PieceSource {
  readonly name: string;
  readonly files: readonly ByteFile[];
  /** Bytes of all files, where that is known. */
  readonly size: number | undefined;
  readonly hasher: () => Hasher;
  /** Decompresses, one member after the other. */
  readonly gunzip: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  /** Lets go of what is kept. */
  readonly close?: () => Promise<void>;
}

/** How many bytes a text in pieces may have by default. */
export const MOST_PIECES_BYTES = 8_000_000_000;

/** A gzip file of that many bytes is decompressed to any size up to this one, and to so many times its bytes. */
const ANY_SIZE = 2 ** 26;
const MOST_TIMES = 200;

/** The text of some files, one after the other. */
export function readPieces(source: PieceSource, options: TextPiecesOptions): TextPieces {
  const { name } = source;
  let summary: TextSummary | undefined;
  return {
    name,
    async *[Symbol.asyncIterator]() {
      const reading = new Reading(source, options);
      yield* reading.pieces();
      const found = reading.summary();
      if (summary !== undefined && summary.sha256 !== found.sha256) {
        throw new DataError(`${name}: the text changed while it was used; start again`);
      }
      summary = found;
    },
    summary() {
      if (summary !== undefined) return summary;
      throw new DataError(`${name}: the text must be read to its end first`);
    },
    close: async () => source.close?.(),
  };
}

/** One way through a text. */
class Reading {
  readonly #source: PieceSource;
  readonly #options: TextPiecesOptions;
  readonly #maxBytes: number;
  readonly #all: Hasher;
  /** Of the files that were read before: as in the summary, and bytes that were read. */
  #hash = '';
  #received = 0;
  #loaded = 0;
  #characters = 0;
  #bytes = 0;
  /** The last character; empty before the first. */
  #last = '';
  #isBlank = true;

  constructor(source: PieceSource, options: TextPiecesOptions) {
    this.#source = source;
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? MOST_PIECES_BYTES;
    this.#all = source.hasher();
  }

  async *pieces(): AsyncIterable<string> {
    for (const file of this.#source.files) {
      let isFirst = true;
      for await (const text of this.#textOf(file)) {
        if (text === '') continue;
        if (isFirst && this.#last !== '') yield* this.#separator();
        isFirst = false;
        if (this.#isBlank) this.#isBlank = text.trim() === '';
        this.#last = text.slice(-1);
        yield text;
      }
      if (file.path !== undefined) {
        this.#all.update(new TextEncoder().encode(`${this.#hash}  ${file.path}\n`));
      }
    }
    if (!this.#isBlank) return;
    throw new DataError(`${this.#source.name}: the text is empty; give one with at least one line`);
  }

  summary(): TextSummary {
    const { name, files } = this.#source;
    const sha256 = files[0].path === undefined ? this.#hash : this.#all.hex();
    return {
      name,
      sha256,
      files: files.length,
      characters: this.#characters,
      bytes: this.#bytes,
    };
  }

  *#separator(): Iterable<string> {
    const { separator = this.#last === '\n' ? '' : '\n' } = this.#options;
    if (separator === '') return;
    this.#characters += Array.from(separator).length;
    this.#bytes += new TextEncoder().encode(separator).length;
    yield separator;
  }

  async *#textOf(file: ByteFile): AsyncIterable<string> {
    const { name } = file;
    const chunks = inChunks(this.#bytesOf(file))[Symbol.asyncIterator]();
    const { value: first } = await chunks.next();
    if (first === undefined) return;
    const all = chain(first, chunks);
    if (first[0] !== 0x1f || first[1] !== 0x8b) {
      yield* this.#decode(name, first, all);
      return;
    }
    const unpacked = inChunks(this.#unpack(name, all))[Symbol.asyncIterator]();
    const { value: begin } = await unpacked.next();
    if (begin !== undefined) yield* this.#decode(name, begin, chain(begin, unpacked));
  }

  /** The bytes as they are read: counted and hashed. */
  async *#bytesOf(file: ByteFile): AsyncIterable<Uint8Array> {
    const { onProgress, signal } = this.#options;
    const hasher = this.#source.hasher();
    this.#hash = '';
    for await (const bytes of file.chunks()) {
      signal?.throwIfAborted();
      hasher.update(bytes);
      this.#received += bytes.length;
      this.#check(file.name, this.#received);
      onProgress?.(this.#received, this.#source.size);
      yield bytes;
    }
    this.#hash = hasher.hex();
  }

  async *#unpack(name: string, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const before = this.#received;
    let unpacked = 0;
    try {
      for await (const bytes of this.#source.gunzip(chunks)) {
        unpacked += bytes.length;
        const packed = this.#received - before + LEAST;
        if (unpacked > Math.max(ANY_SIZE, MOST_TIMES * packed)) {
          throw new DataError(
            `${name}: a gzip file may hold ${MOST_TIMES} times its bytes; this one holds more; unpack it first, by gunzip`,
          );
        }
        yield bytes;
      }
      if (this.#hash === '') throw new Error('bytes follow its end');
    } catch (cause) {
      if (cause instanceof DataError || this.#options.signal?.aborted === true) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new DataError(
        `${name}: the file begins as gzip and can't be unpacked (${why}); it is damaged or cut short; load it again`,
        { cause },
      );
    }
  }

  async *#decode(
    name: string,
    first: Uint8Array,
    chunks: AsyncIterable<Uint8Array>,
  ): AsyncIterable<string> {
    const decoder = byteDecoder(name, first);
    for await (const bytes of chunks) {
      this.#loaded += bytes.length;
      this.#check(name, this.#loaded);
      const text = decoder.push(bytes);
      this.#count(text, decoder.decoded);
      yield text;
    }
    decoder.end();
  }

  #check(name: string, bytes: number): void {
    if (bytes <= this.#maxBytes) return;
    throw new DataError(
      `${name}: a text may have ${count(this.#maxBytes)} bytes; this has more; take a part of it, or raise maxBytes`,
    );
  }

  /** @param decoded - bytes that the characters had in the file */
  #count(text: string, decoded: number): void {
    let [continued, bytes] = [0, text.length];
    // As many bytes as units are ASCII. UTF-16 has two for each.
    const end = decoded === text.length ? 0 : text.length;
    for (let i = 0; i < end; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) continue;
      bytes += unit < 0x800 ? 1 : 2;
      if ((unit & 0xfc00) === 0xdc00) {
        continued++;
        bytes -= 2; // a pair of units has 4 bytes
      }
    }
    this.#characters += text.length - continued;
    this.#bytes += bytes;
  }
}
