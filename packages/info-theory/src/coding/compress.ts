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

/**
 * Compresses bytes, as well as the model predicts them.
 *
 * @param bytes - fewer than 2^32
 * @returns a file for {@link decompress} with the same model in the same state
 * @throws RangeError when the model has other than 256 symbols, its name is too long or the coder is unknown
 */
export function compress(bytes: Uint8Array, options: CompressOptions): Uint8Array<ArrayBuffer> {
  const { model, name, coder = 'arithmetic' } = options;
  checkBytes('compress', model);
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

/**
 * The bytes that {@link compress} was given.
 *
 * @throws CodecError when the file is truncated, altered or another kind of file, or was made with a model of another
 *   name or one that predicts differently
 * @throws RangeError when the model has other than 256 symbols
 */
export function decompress(
  file: Uint8Array,
  options: Omit<CompressOptions, 'coder'>,
): Uint8Array<ArrayBuffer> {
  const { model, name } = options;
  checkBytes('decompress', model);
  const { coder, model: made, length, checksum, payload } = readContainer(file);
  if (made !== name) {
    throw new CodecError(`compressed file: it was made with the model ${made}; got ${name}`);
  }
  const decoder = makeDecoder(coder, payload);
  const bytes: number[] = []; // not allocated by the file's length, which may be wrong, up to 4 GB
  for (let i = 0; i < length; i++) bytes.push(model.code(decoder, 0));
  decoder.finish();
  const result = Uint8Array.from(bytes);
  if (crc32(result) !== checksum) {
    throw new CodecError(
      'compressed file: the checksum of what came out differs from that of what went in; the model predicts differently from the one it was made with',
    );
  }
  return result;
}

/** @throws RangeError unless the model's symbols are bytes */
function checkBytes(where: string, model: SymbolModel): void {
  if (model.size !== 256) {
    throw new RangeError(`${where}: the model must have 256 symbols; got ${model.size}`);
  }
}
