import { ArithmeticDecoder, ArithmeticEncoder } from './arithmetic-coder.js';
import { HuffmanDecoder, HuffmanEncoder } from './huffman-coder.js';
import { RansDecoder, RansEncoder } from './rans-coder.js';
import type { SymbolDecoder, SymbolEncoder } from './symbol-coder.js';

/** The names of the coders; a container stores the index in this list, so new ones go at its end. */
export const CODER_NAMES = ['huffman', 'arithmetic', 'rans'] as const;

/** A coder's name: one of {@link CODER_NAMES}. */
export type CoderName = (typeof CODER_NAMES)[number];

/** @throws RangeError for any other name */
export function makeEncoder(name: CoderName): SymbolEncoder {
  switch (name) {
    case 'huffman':
      return new HuffmanEncoder();
    case 'arithmetic':
      return new ArithmeticEncoder();
    case 'rans':
      return new RansEncoder();
    default:
      return unknownCoder(name);
  }
}

/**
 * @throws CodecError when the bytes can't begin such a code
 * @throws RangeError for an unknown name
 */
export function makeDecoder(name: CoderName, bytes: Uint8Array): SymbolDecoder {
  switch (name) {
    case 'huffman':
      return new HuffmanDecoder(bytes);
    case 'arithmetic':
      return new ArithmeticDecoder(bytes);
    case 'rans':
      return new RansDecoder(bytes);
    default:
      return unknownCoder(name);
  }
}

function unknownCoder(name: never): never {
  throw new RangeError(`a coder must be 'huffman', 'arithmetic' or 'rans'; got ${String(name)}`);
}
