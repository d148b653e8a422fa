import { DataError } from '../errors.js';
import { concat } from './chunks.js';
import { invalidOffset } from './decode-text.js';
import { describeInvalid, describeOther, utf16Of } from './encodings.js';

/** Decodes the bytes of one file that come in chunks, cut anywhere. */
export interface ByteDecoder {
  /**
   * The characters that are whole by now.
   *
   * @throws DataError naming the file, and the offset of the first byte that is none of a text
   */
  push(bytes: Uint8Array): string;
  /** How many bytes the characters of the last push had, without a mark. */
  readonly decoded: number;
  /** @throws DataError when the last character lacks its end */
  end(): void;
}

/**
 * UTF-8, or UTF-16 where a byte order mark says so; the mark is left out.
 *
 * @param name - of the file, for errors
 * @param first - how it begins: 64 KiB or more, or all of it; `push` is given these bytes again
 * @throws DataError when these are no text
 */
export function byteDecoder(name: string, first: Uint8Array): ByteDecoder {
  const utf16 = utf16Of(first);
  if (utf16 !== undefined) return new Decoder(name, utf16.mark, new Utf16(utf16.littleEndian));
  const isMarked = first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf;
  return new Decoder(name, isMarked ? 3 : 0, new Utf8());
}

/** A way to write characters as bytes. */
interface Encoding {
  readonly label: string;
  /** How many bytes of these, from the first on, are whole characters. */
  whole(bytes: Uint8Array): number;
  /** @throws TypeError when they aren't characters */
  decode(bytes: Uint8Array): string;
  /** Where the first of them is that is none of a character. */
  invalidAt(bytes: Uint8Array): number;
}

class Decoder implements ByteDecoder {
  decoded = 0;
  readonly #name: string;
  readonly #encoding: Encoding;
  /** Bytes before those that are looked at. */
  #offset = 0;
  #skip: number;
  #held: Uint8Array = new Uint8Array(0);

  constructor(name: string, mark: number, encoding: Encoding) {
    this.#name = name;
    this.#skip = mark;
    this.#encoding = encoding;
  }

  push(bytes: Uint8Array): string {
    const isFirst = this.#offset === 0 && this.#held.length === 0;
    const all = this.#held.length === 0 ? bytes : concat([this.#held, bytes]);
    const whole = this.#encoding.whole(all);
    const text = this.#decode(all.subarray(this.#skip, whole));
    if (isFirst && text.trim() !== '') {
      const other = this.#encoding instanceof Utf8 ? describeOther(all, true) : undefined;
      if (other !== undefined) {
        throw new DataError(
          `${this.#name}: the text must be UTF-8; it is ${other.what}; ${other.remedy}`,
        );
      }
    }
    this.decoded = whole - this.#skip;
    this.#held = all.slice(whole);
    this.#offset += whole;
    this.#skip = 0;
    return text;
  }

  end(): void {
    if (this.#held.length === 0) return;
    this.#fail(this.#offset, this.#describe(this.#held, 0));
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#encoding.decode(bytes);
    } catch (cause) {
      const at = this.#encoding.invalidAt(bytes);
      return this.#fail(this.#offset + this.#skip + at, this.#describe(bytes, at), { cause });
    }
  }

  #describe(bytes: Uint8Array, at: number): Remedy {
    if (this.#encoding instanceof Utf8) return describeInvalid(bytes, at);
    return { what: 'UTF-16 up to there, and damaged or cut short', remedy: 'save it as UTF-8' };
  }

  #fail(offset: number, { what, remedy }: Remedy, options?: ErrorOptions): never {
    throw new DataError(
      `${this.#name}: the text must be ${this.#encoding.label}; the byte at offset ${offset} is not; the text is ${what}; ${remedy}`,
      options,
    );
  }
}

interface Remedy {
  readonly what: string;
  readonly remedy: string;
}

class Utf8 implements Encoding {
  readonly label = 'UTF-8';
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  /** All but a character at the end whose first byte asks for more than there are. */
  whole(bytes: Uint8Array): number {
    const { length } = bytes;
    const [third, second, last] = [bytes[length - 3], bytes[length - 2], bytes[length - 1]];
    if (last >= 0xc0) return length - 1;
    if (second >= 0xe0 && last >= 0x80) return length - 2;
    if (third >= 0xf0 && second >= 0x80 && last >= 0x80) return length - 3;
    return length;
  }

  decode(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes);
  }

  invalidAt(bytes: Uint8Array): number {
    return invalidOffset(bytes);
  }
}

/** Bytes are swapped by hand, as not every engine decodes UTF-16 with the high byte first. */
class Utf16 implements Encoding {
  readonly label = 'UTF-16';
  readonly #decoder = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });
  readonly #low: number;
  readonly #high: number;

  constructor(littleEndian: boolean) {
    this.#low = littleEndian ? 0 : 1;
    this.#high = 1 - this.#low;
  }

  /** All but half a unit, and half a pair of units, at the end. */
  whole(bytes: Uint8Array): number {
    const even = bytes.length - (bytes.length % 2);
    return even > 0 && (bytes[even - 2 + this.#high] & 0xfc) === 0xd8 ? even - 2 : even;
  }

  decode(bytes: Uint8Array): string {
    if (this.#low === 0) return this.#decoder.decode(bytes);
    const swapped = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i += 2) {
      swapped[i] = bytes[i + 1];
      swapped[i + 1] = bytes[i];
    }
    return this.#decoder.decode(swapped);
  }

  /** The first unit that is half a pair. */
  invalidAt(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      const kind = bytes[at + this.#high] & 0xfc;
      if (kind === 0xdc) return at;
      if (kind === 0xd8) {
        if ((bytes[at + 2 + this.#high] & 0xfc) !== 0xdc) return at;
        at += 2;
      }
      at += 2;
    }
    return at;
  }
}
