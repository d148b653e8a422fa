import { countCodePoints } from '../code-points.js';
import { count, DataError } from '../errors.js';
import { describeInvalid, describeOther, type Utf16, utf16Of } from './encodings.js';

/** A text and where it came from. */
export interface LoadedText {
  /** The text itself. */
  readonly text: string;
  /** What was loaded: the data set's name, the path or the URL, as it was asked for. */
  readonly name: string;
  /** Characters as a reader counts them: code points, so that an emoji is one. `text.length` counts it as two. */
  readonly characters: number;
  /** SHA-256 of the bytes as they were loaded, in hex: what `sha256sum` prints for the file. */
  readonly sha256: string;
}

/** What {@link decodeText} needs to know of the bytes. */
export interface TextBytes {
  /** Named in errors and in the result. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The hash that the bytes must have, in lower-case hex; `undefined`: any. */
  readonly expected: string | undefined;
}

/**
 * Checks the hash, decodes UTF-8, or UTF-16 where a byte order mark says so, and leaves the mark out.
 *
 * @throws DataError when the hash is another, the bytes are in another encoding or no text, naming it, or the text holds nothing
 * but white space
 */
export async function decodeText({ name, bytes, expected }: TextBytes): Promise<LoadedText> {
  const hash = await sha256(bytes);
  if (expected !== undefined && hash !== expected) {
    throw new DataError(
      `${name}: SHA-256 must be ${expected}; got ${hash}: the text has changed or was cut short; ` +
        'load it again, or pass the new hash as sha256 if this is the text you want',
    );
  }
  const text = decode(name, bytes);
  if (text.trim() === '') {
    throw new DataError(`${name}: the text is empty; give one with at least one line`);
  }
  return { text, name, characters: countCodePoints(text), sha256: hash };
}

/** What a string can hold at most where V8 runs it, in UTF-16 code units. */
const MOST = 2 ** 29 - 24;

function decode(name: string, bytes: Uint8Array): string {
  const utf16 = utf16Of(bytes);
  if (utf16 !== undefined) return decodeUtf16(name, bytes, utf16);
  const text = decodeUtf8(name, bytes);
  const other = text.trim() === '' ? undefined : describeOther(bytes, true);
  if (other === undefined) return text;
  throw new DataError(`${name}: the text must be UTF-8; it is ${other.what}; ${other.remedy}`);
}

function decodeUtf8(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    if (bytes.length > MOST) {
      const message = `${name}: a text must have at most ${count(MOST)} characters; got ${count(bytes.length)} bytes; split it`;
      throw new DataError(message, { cause });
    }
    const offset = invalidOffset(bytes);
    const line = bytes.subarray(0, offset).reduce((n, byte) => n + (byte === 0x0a ? 1 : 0), 1);
    const { what, remedy } = describeInvalid(bytes, offset);
    const message = `${name}: the text must be UTF-8; the byte at offset ${offset}, in line ${line}, is not; the text is ${what}; ${remedy}`;
    throw new DataError(message, { cause });
  }
}

/** Units are swapped by hand, as not every engine decodes UTF-16 with the high byte first. */
function decodeUtf16(name: string, bytes: Uint8Array, { littleEndian, mark }: Utf16): string {
  const body = bytes.slice(mark);
  if (!littleEndian) {
    for (let i = 0; i + 1 < body.length; i += 2) [body[i], body[i + 1]] = [body[i + 1], body[i]];
  }
  try {
    return new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    const message = `${name}: the text begins as UTF-16 and must be it; it is cut short or damaged; save it as UTF-8`;
    throw new DataError(message, { cause });
  }
}

/** Offset of the first byte that isn't UTF-8. */
export function invalidOffset(bytes: Uint8Array): number {
  // A lenient decoder puts U+FFFD there; encoded again, everything before it is as it was.
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const encoded = new TextEncoder().encode(lenient);
  let offset = encoded.findIndex((byte, i) => byte !== bytes[i]);
  // U+FFFD may share its first bytes with what it stands for: back to its first.
  while ((encoded[offset] & 0xc0) === 0x80) offset--;
  return offset;
}

/**
 * SHA-256 in lower-case hex, what `sha256sum` prints.
 *
 * @throws DataError in a page served over plain http, where browsers withhold Web Crypto
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // The types know no page without Web Crypto.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    throw new DataError('sha256: no Web Crypto here; serve the page over https or from localhost');
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
