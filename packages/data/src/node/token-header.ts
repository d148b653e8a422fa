import { createHash } from 'node:crypto';
import { DataError } from '../errors.js';
import type { TextTokenizer } from '../tokens/tokenizer.js';

/**
 * The header of a token file, 176 bytes; numbers are little-endian. The ids follow, each in 1, 2 or 4 bytes as the vocabulary asks
 * for, and nothing else.
 *
 * | at  | bytes | what                                     |
 * | --- | ----- | ---------------------------------------- |
 * | 0   | 8     | `LLM101TK`                               |
 * | 8   | 4     | version, 1                               |
 * | 12  | 4     | bytes of an id: 1, 2 or 4                |
 * | 16  | 4     | V, the size of the vocabulary            |
 * | 20  | 4     | 0                                        |
 * | 24  | 8     | how many ids                             |
 * | 32  | 8     | characters of the text: code points      |
 * | 40  | 8     | bytes of the text in UTF-8               |
 * | 48  | 32    | SHA-256 of the text, as `TextSummary` says |
 * | 80  | 32    | SHA-256 of the tokenizer's JSON          |
 * | 112 | 32    | SHA-256 of the ids                       |
 * | 144 | 32    | SHA-256 of the 144 bytes before          |
 */
export interface TokenHeader {
  readonly vocabSize: number;
  readonly count: number;
  readonly characters: number;
  readonly bytes: number;
  /** Hashes are lower-case hex. */
  readonly text: string;
  readonly tokenizer: string;
  readonly ids: string;
}

/** Bytes of the header. */
export const HEADER_BYTES = 176;

const MAGIC = 'LLM101TK';
const VERSION = 1;
const HASHED = 144;

/** Bytes of an id. */
export function widthOf(vocabSize: number): 1 | 2 | 4 {
  if (vocabSize <= 2 ** 8) return 1;
  return vocabSize <= 2 ** 16 ? 2 : 4;
}

/** Which tokenizer made the ids: SHA-256 of its JSON. */
export function tokenizerHash(tokenizer: TextTokenizer): string {
  return createHash('sha256').update(JSON.stringify(tokenizer)).digest('hex');
}

/** A header as bytes. */
export function writeHeader(header: TokenHeader): Buffer {
  const { vocabSize, count, characters, bytes, text, tokenizer, ids } = header;
  const file = Buffer.alloc(HEADER_BYTES);
  file.write(MAGIC, 'latin1');
  for (const [i, value] of [VERSION, widthOf(vocabSize), vocabSize].entries()) {
    file.writeUInt32LE(value, 8 + 4 * i);
  }
  for (const [i, value] of [count, characters, bytes].entries()) {
    file.writeBigUInt64LE(BigInt(value), 24 + 8 * i);
  }
  for (const [i, hash] of [text, tokenizer, ids].entries()) file.write(hash, 48 + 32 * i, 'hex');
  file.write(hashOf(file), HASHED, 'hex');
  return file;
}

/**
 * @param size - bytes of the file that these begin
 * @throws DataError when they are no header of a file of that size
 */
export function readHeader(name: string, file: Buffer, size: number): TokenHeader {
  const fail = (why: string): never => {
    throw new DataError(`${name}: must be a token file; ${why}; make it again from the text`);
  };
  if (file.length < HEADER_BYTES || file.toString('latin1', 0, 8) !== MAGIC) {
    fail(`it must begin with ${MAGIC} and a header of ${HEADER_BYTES} bytes`);
  }
  const [version, width, vocabSize, zero] = [8, 12, 16, 20].map((at) => file.readUInt32LE(at));
  if (version !== VERSION) fail(`its version must be ${VERSION}; got ${version}`);
  if (hashOf(file) !== hex(file, HASHED)) fail('its header is damaged');
  if (vocabSize < 1 || vocabSize > 2 ** 31 || width !== widthOf(vocabSize) || zero !== 0) {
    fail(`its ids must have the bytes that a vocabulary of ${vocabSize} asks for; got ${width}`);
  }
  const [count, characters, bytes] = [24, 32, 40].map((at) => Number(file.readBigUInt64LE(at)));
  if (![count, characters, bytes].every(Number.isSafeInteger)) fail('its counts are too large');
  if (size !== HEADER_BYTES + count * width) {
    fail(
      `it must have ${count} ids of ${width} bytes after its header; it has ${size} bytes in all`,
    );
  }
  const [text, tokenizer, ids] = [48, 80, 112].map((at) => hex(file, at));
  return { vocabSize, count, characters, bytes, text, tokenizer, ids };
}

const hashOf = (file: Buffer): string =>
  createHash('sha256').update(file.subarray(0, HASHED)).digest('hex');

const hex = (file: Buffer, at: number): string => file.toString('hex', at, at + 32);
