import { z } from 'zod';
import { doc, number, numbers, object, text, whole } from './document-fields.js';

/** What `llm101 compress` and `decompress` print. */
export const compressDocuments = {
  compress: doc({
    file: text('that was read'),
    output: text('that was written'),
    bytes: whole('of the file'),
    characters: whole('of the file'),
    compressedBytes: whole('of the output'),
    bitsPerCharacter: number('of the output; null for an empty file').nullable(),
    codeBitsPerSymbol: number('of the code in it; null for an empty file').nullable(),
    escapes: whole("bytes of characters that the model doesn't know"),
    durationMs: number('of the compression'),
    charactersPerSecond: number('of the compression'),
    model: object(
      { sha256: text('of its file'), bytes: whole('of its file') },
      'with --model',
    ).optional(),
    modelBitsPerSymbol: number('its cross-entropy on the file; null for an empty file')
      .nullable()
      .optional(),
    programs: z.record(z.string(), whole('')).describe('bytes by the name of another program'),
    entropies: numbers("bytes by the file's entropy given the 0, 1, 2 and 3 bytes before"),
  }),
  decompress: doc({
    file: text('that was read'),
    output: text('that was written'),
    bytes: whole('of the output'),
    isVerified: z.literal(true).describe('the checksum fits'),
    durationMs: number('of the decompression'),
    bytesPerSecond: number('of the decompression'),
  }),
};
