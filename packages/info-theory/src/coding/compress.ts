import { ByteWriter } from './bits.js';
import { makeDecoder, makeEncoder, type CoderName } from './coders.js';
import { readContainer, writeContainer } from './container.js';
import { crc32 } from './crc32.js';
import { CodecError } from './symbol-coder.js';
import type { SymbolModel } from './symbol-models.js';

/** Settings of {@link compress}. */
export interface CompressOptions {
  /** A model of 256 symbols that hasn't coded anything yet. */
  readonly model: SymbolModel;
  /** The model's name in the file, with all its settings; `decompress` needs the same one. */
  readonly name: string;
  /** Default: `arithmetic`. */
  readonly coder?: CoderName;
}

/** The most bytes that can be compressed, and that a compressed file may hold: 2^31. */
export const MAX_COMPRESSED_BYTES = 2 ** 31;

/**
 * Compresses bytes, as well as the model predicts them. Takes the memory of the result twice, and the model's.
 *
 * @param bytes - at most {@link MAX_COMPRESSED_BYTES}
 * @returns a file for {@link decompress} with the same model in the same state
 * @throws RangeError when there are more bytes, the model has other than 256 symbols, its name is too long or the coder
 *   is unknown
 */
export function compress(bytes: Uint8Array, options: CompressOptions): Uint8Array<ArrayBuffer> {
  const { model, name, coder = 'arithmetic' } = options;
  checkModel('compress', model);
  if (bytes.length > MAX_COMPRESSED_BYTES) {
    throw new RangeError(
      `compress: there may be at most ${MAX_COMPRESSED_BYTES} bytes; got ${bytes.length}; cut them into parts`,
    );
  }
  const encoder = makeEncoder(coder);
  for (const byte of bytes) model.code(encoder, byte);
  return writeContainer({
    coder,
    model: name,
    length: bytes.length,
    checksum: crc32(bytes),
    payload: encoder.finish(),
  });
}

/** Settings of {@link decompress}. */
export interface DecompressOptions extends Omit<CompressOptions, 'coder'> {
  /**
   * The most bytes that may come out. A file from a stranger can promise gigabytes in a few bytes, and hours of work.
   * Default: {@link MAX_COMPRESSED_BYTES}, which is also the most.
   */
  readonly maxSize?: number;
}

/**
 * The bytes that {@link compress} was given. Takes the memory of the result twice, as it comes, and the model's.
 *
 * @throws CodecError when the file is truncated, altered or another kind of file, or was made with a model of another
 *   name or one that predicts differently, or holds more than `maxSize` bytes
 * @throws RangeError when the model has other than 256 symbols, or `maxSize` isn't in its range
 */
export function decompress(file: Uint8Array, options: DecompressOptions): Uint8Array<ArrayBuffer> {
  const { model, name, maxSize = MAX_COMPRESSED_BYTES } = options;
  checkModel('decompress', model);
  if (!(maxSize >= 0 && maxSize <= MAX_COMPRESSED_BYTES)) {
    throw new RangeError(
      `decompress: maxSize must be from 0 to ${MAX_COMPRESSED_BYTES}; got ${String(maxSize)}`,
    );
  }
  const { coder, model: made, length, checksum, payload } = readContainer(file);
  if (made !== name) {
    throw new CodecError(`compressed file: it was made with the model ${made}; got ${name}`);
  }
  if (length > maxSize) {
    throw new CodecError(
      `compressed file: it says that it holds ${length} bytes; at most ${maxSize} are allowed`,
    );
  }
  const decoder = makeDecoder(coder, payload);
  const bytes = new ByteWriter(); // grows, as the length that the file says may be wrong
  for (let i = 0; i < length; i++) bytes.push(model.code(decoder, 0));
  decoder.finish();
  const result = bytes.bytes();
  if (crc32(result) !== checksum) {
    throw new CodecError(
      'compressed file: the checksum of what came out differs from that of what went in; the model predicts differently from the one it was made with',
    );
  }
  return result;
}

/** @throws RangeError unless the model's symbols are bytes */
function checkModel(where: string, model: SymbolModel): void {
  if (model.size !== 256) {
    throw new RangeError(`${where}: the model must have 256 symbols; got ${model.size}`);
  }
}
