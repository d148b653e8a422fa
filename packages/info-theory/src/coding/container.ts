import { CODER_NAMES, type CoderName } from './coders.js';
import { crc32 } from './crc32.js';
import { CodecError } from './symbol-coder.js';

/** The contents of a compressed file. */
export interface Container {
  /** The coder that made the code. */
  readonly coder: CoderName;
  /** The model: its name and settings, or the hash of its file. 1 to 255 printable ASCII characters. */
  readonly model: string;
  /** The number of symbols. */
  readonly length: number;
  /** `crc32` of what was compressed. */
  readonly checksum: number;
  /** The code itself. */
  readonly payload: Uint8Array;
}

/** `L101`, then the version of the format. */
const HEAD = [0x4c, 0x31, 0x30, 0x31, 1];
/** A model's name. */
const NAME = /^[ -~]{1,255}$/;
/** Bytes of the length, the checksum and the file's checksum. */
const NUMBERS = 12;

/**
 * Writes a code with everything needed to open it:
 *
 * | bytes | what |
 * | --- | --- |
 * | 4 + 1 | `L101`, version 1 |
 * | 1 | the coder: 0 Huffman, 1 arithmetic, 2 rANS |
 * | 1 + n | the model's name in ASCII, after its length |
 * | 4 | the number of symbols, little-endian |
 * | 4 | CRC-32 of what was compressed |
 * | … | the code |
 * | 4 | CRC-32 of all bytes before it |
 *
 * The last one is checked first, so that an altered file is never decoded; the other one detects a model that predicts
 * differently from the sender's.
 *
 * @throws RangeError when the model's name isn't 1 to 255 printable characters of ASCII or the length isn't below 2^32
 */
export function writeContainer(container: Container): Uint8Array<ArrayBuffer> {
  const { coder, model, length, checksum, payload } = container;
  if (!NAME.test(model)) {
    throw new RangeError(
      `writeContainer: the model's name must be 1 to 255 printable characters of ASCII; got ${JSON.stringify(model)}`,
    );
  }
  const name = Array.from(model, (character) => character.charCodeAt(0));
  if (!(Number.isInteger(length) && length >= 0 && length < 2 ** 32)) {
    throw new RangeError(
      `writeContainer: length must be a whole number below 2^32; got ${String(length)}`,
    );
  }
  const start = HEAD.length + 2 + name.length;
  const bytes = new Uint8Array(start + NUMBERS + payload.length);
  bytes.set([...HEAD, CODER_NAMES.indexOf(coder), name.length]);
  bytes.set(name, HEAD.length + 2);
  const view = new DataView(bytes.buffer);
  view.setUint32(start, length, true);
  view.setUint32(start + 4, checksum, true);
  bytes.set(payload, start + 8);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
  return bytes;
}

/**
 * Reads what {@link writeContainer} wrote.
 *
 * @throws CodecError unless the bytes are such a file, complete and unaltered
 */
export function readContainer(bytes: Uint8Array): Container {
  if (HEAD.slice(0, 4).some((byte, i) => bytes[i] !== byte)) {
    throw new CodecError("compressed file: it must begin with 'L101'; this is another file");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = HEAD.length + 2 + (bytes[HEAD.length + 1] ?? 0);
  if (bytes.length < start + NUMBERS) throw new CodecError('compressed file: it ends too early');
  if (view.getUint32(bytes.length - 4, true) !== crc32(bytes.subarray(0, -4))) {
    throw new CodecError('compressed file: its checksum is wrong; it was cut or altered');
  }
  if (bytes[4] !== HEAD[4]) {
    throw new CodecError(`compressed file: its version must be ${HEAD[4]}; got ${bytes[4]}`);
  }
  const coder = CODER_NAMES.at(bytes[5]);
  if (coder === undefined) {
    throw new CodecError(`compressed file: its coder is unknown; got number ${bytes[5]}`);
  }
  return {
    coder,
    model: readName(bytes.subarray(HEAD.length + 2, start)),
    length: view.getUint32(start, true),
    checksum: view.getUint32(start + 4, true),
    payload: bytes.subarray(start + 8, -4),
  };
}

/** @throws CodecError when the name isn't one that {@link writeContainer} writes */
function readName(bytes: Uint8Array): string {
  const name = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  if (!NAME.test(name)) {
    throw new CodecError(
      "compressed file: its model's name isn't 1 to 255 printable characters of ASCII",
    );
  }
  return name;
}
