import { closeSync, readSync } from 'node:fs';
import { DataError } from '../errors.js';
import { makeTokens, type TokenArray } from '../tokens/token-lines.js';
import { checkRange, checkTokens, hashTokens } from '../tokens/token-source.js';
import type { TokenBuffer, TokenSource } from '../tokens/token-source.js';
import { tryTo } from './system.js';
import { HEADER_BYTES, type TokenHeader, widthOf } from './token-header.js';

/** Tokens in a file. */
export interface TokenFile extends TokenSource {
  /** Where they are. */
  readonly file: string;
  /** V: tokens are 0 … V - 1. */
  readonly vocabSize: number;
  /** SHA-256 of the text that they are of. */
  readonly sha256: string;
  /** Closes the file; its tokens, and parts of them, can't be read any more. */
  close(): void;
}

/** The tokens of a file that is open. */
export function fileTokens(file: string, descriptor: number, header: TokenHeader): TokenFile {
  const pages = new Pages({ file, descriptor, header }, { bytes: 2 ** 12, most: 2 ** 12 });
  const tokens = new FileTokens(pages, 0, header.count);
  return {
    file,
    vocabSize: header.vocabSize,
    sha256: header.text,
    length: tokens.length,
    copy: (start, count, into, at) => tokens.copy(start, count, into, at),
    slice: (start, end) => tokens.slice(start, end),
    hash: () => tokens.hash(),
    close: () => pages.close(),
  };
}

class FileTokens implements TokenSource {
  readonly length: number;
  readonly #pages: Pages;
  readonly #start: number;
  #hash: string | undefined;

  constructor(pages: Pages, start: number, length: number) {
    this.#pages = pages;
    this.#start = start;
    this.length = length;
  }

  copy(start: number, count: number, into: TokenBuffer, at: number): void {
    checkRange('TokenSource.copy', [start, start + count], this.length);
    const { size } = this.#pages;
    const end = this.#start + start + count;
    let to = at;
    for (let from = this.#start + start; from < end;) {
      const first = from % size;
      const page = this.#pages.page((from - first) / size);
      const last = Math.min(size, first + end - from);
      for (let i = first; i < last; i++) into[to++] = page[i];
      from += last - first;
    }
  }

  slice(start: number, end: number): TokenSource {
    checkRange('TokenSource.slice', [start, end], this.length);
    return new FileTokens(this.#pages, this.#start + start, end - start);
  }

  hash(): string {
    return (this.#hash ??= hashTokens(
      new FileTokens(this.#pages.inLarge(), this.#start, this.length),
    ));
  }
}

/** A file that is open, until it is closed. */
interface OpenFile {
  readonly file: string;
  descriptor: number | undefined;
  readonly header: TokenHeader;
}

/** How much is read at a time, and kept. */
interface PageSizes {
  /** Bytes of a page. */
  readonly bytes: number;
  /** Pages that are kept. */
  readonly most: number;
}

/** Reads a file by pages, and keeps those that were used last. */
class Pages {
  /** Tokens of a page. */
  readonly size: number;
  readonly #open: OpenFile;
  readonly #sizes: PageSizes;
  /** By their number, the one that was used last at the end. */
  readonly #kept = new Map<number, TokenArray>();

  constructor(open: OpenFile, sizes: PageSizes) {
    this.#open = open;
    this.#sizes = sizes;
    this.size = sizes.bytes / widthOf(open.header.vocabSize);
  }

  /** The same file, to read a long part of it in its order. */
  inLarge(): Pages {
    return new Pages(this.#open, { bytes: 2 ** 18, most: 1 });
  }

  page(index: number): TokenArray {
    const kept = this.#kept.get(index);
    if (kept !== undefined) {
      this.#kept.delete(index);
      this.#kept.set(index, kept);
      return kept;
    }
    const page = this.#free();
    this.#read(index, page);
    this.#kept.set(index, page);
    return page;
  }

  close(): void {
    const { descriptor } = this.#open;
    if (descriptor !== undefined) closeSync(descriptor);
    this.#open.descriptor = undefined;
    this.#kept.clear();
  }

  /** Memory for a page: that of the one that wasn't used for longest, once there are many. */
  #free(): TokenArray {
    const { vocabSize } = this.#open.header;
    if (this.#kept.size < this.#sizes.most) return makeTokens(vocabSize - 1, this.size);
    const [oldest] = this.#kept;
    this.#kept.delete(oldest[0]);
    return oldest[1];
  }

  /** Its ids are looked at again, as the file may have changed since it was opened. */
  #read(index: number, page: TokenArray): void {
    const { file, descriptor, header } = this.#open;
    const { count, vocabSize } = header;
    if (descriptor === undefined) throw new DataError(`${file}: it is closed; open it again`);
    const ids = page.subarray(0, count - index * this.size);
    const { byteLength } = ids;
    const position = HEADER_BYTES + index * this.#sizes.bytes;
    let read = 0;
    while (read < byteLength) {
      const more = tryTo(file, 'read', () =>
        readSync(descriptor, page, read, byteLength - read, position + read),
      );
      if (more === 0) break;
      read += more;
    }
    try {
      if (read < byteLength) throw new RangeError(`it lacks ${byteLength - read} bytes`);
      checkTokens('ids', ids, vocabSize);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new DataError(`${file}: the file changed while it was used; ${why}; make it again`, {
        cause,
      });
    }
  }
}
