import { createHash, randomUUID } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync } from 'node:fs';
import { renameSync, rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { DataError } from '../errors.js';
import type { TextPieces } from '../text/read-pieces.js';
import { encodeInto, type EncodedText, type EncodeTextOptions } from '../tokens/encode-text.js';
import { makeTokens, type TokenArray } from '../tokens/token-lines.js';
import { checkTokens } from '../tokens/token-source.js';
import type { TextTokenizer } from '../tokens/tokenizer.js';
import { fileTokens, type TokenFile } from './file-tokens.js';
import { tryTo, writeWhole } from './system.js';
import { HEADER_BYTES, readHeader, tokenizerHash, type TokenHeader } from './token-header.js';
import { widthOf, writeHeader } from './token-header.js';

/** A text whose tokens are in a file. */
export interface EncodedFile extends EncodedText {
  readonly tokens: TokenFile;
}

/**
 * Encodes a text into a token file, in one pass: the file is written beside its place and renamed once it is whole, so that there
 * never is half of one. The tokens that it gives are read from the file.
 *
 * @throws DataError when a character isn't known, reading the text fails, or the file can't be written
 */
export async function encodeToFile(
  file: string,
  text: TextPieces,
  tokenizer: TextTokenizer,
  options: EncodeTextOptions = {},
): Promise<EncodedFile> {
  const { vocabSize } = tokenizer;
  const temporary = `${file}.${randomUUID()}.tmp`;
  const descriptor = tryTo(temporary, 'written', () => openSync(temporary, 'wx+'));
  const write = (bytes: Uint8Array, at: number): void =>
    tryTo(temporary, 'written', () => writeWhole(descriptor, bytes, at));
  try {
    const hash = createHash('sha256');
    let count = 0;
    const push = (tokens: Int32Array): void => {
      checkTokens('encodeToFile', tokens, vocabSize);
      const ids = makeTokens(vocabSize - 1, tokens.length);
      ids.set(tokens);
      const bytes = bytesOf(ids);
      hash.update(bytes);
      write(bytes, HEADER_BYTES + count * ids.BYTES_PER_ELEMENT);
      count += tokens.length;
    };
    const { characters, bytes } = await encodeInto({ push }, text, tokenizer, options);
    const header: TokenHeader = {
      vocabSize,
      count,
      characters,
      bytes,
      text: text.summary().sha256,
      tokenizer: tokenizerHash(tokenizer),
      ids: hash.digest('hex'),
    };
    write(writeHeader(header), 0);
    tryTo(temporary, 'written', () => {
      fsyncSync(descriptor);
      renameSync(temporary, file);
    });
    return { characters, bytes, tokens: fileTokens(file, descriptor, header) };
  } catch (cause) {
    closeSync(descriptor);
    rmSync(temporary, { force: true });
    throw cause;
  }
}

/** What {@link openTokenFile} expects. */
export interface TokenFileOptions {
  /** SHA-256 of the text, as its `TextSummary` says. Default: that of any text. */
  readonly sha256?: string;
  /** The tokenizer that made the tokens. Default: any. */
  readonly tokenizer?: TextTokenizer;
  /** Ends the work; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a token file that {@link encodeToFile} wrote. All of it is read once, and checked: nothing in it is believed.
 *
 * @throws DataError when there is no such file, it is damaged or no token file, or that of another text or tokenizer
 */
export async function openTokenFile(
  file: string,
  { sha256, tokenizer, signal }: TokenFileOptions = {},
): Promise<EncodedFile> {
  const { O_RDONLY, O_NONBLOCK } = constants; // a pipe would not open without the second
  const descriptor = tryTo(file, 'read', () => openSync(file, O_RDONLY | O_NONBLOCK));
  try {
    const stats = fstatSync(descriptor);
    const start = Buffer.alloc(HEADER_BYTES);
    const read = stats.isFile() ? readSync(descriptor, start, 0, HEADER_BYTES, 0) : 0;
    const header = readHeader(file, start.subarray(0, read), stats.size);
    if (sha256 !== undefined && sha256 !== header.text) {
      throw new DataError(
        `${file}: the tokens must be of the text ${sha256}; they are of ${header.text}`,
      );
    }
    if (tokenizer !== undefined && tokenizerHash(tokenizer) !== header.tokenizer) {
      throw new DataError(`${file}: the tokens must be of this tokenizer; they are of another`);
    }
    await checkIds(file, descriptor, { header, signal });
    const { characters, bytes } = header;
    return { characters, bytes, tokens: fileTokens(file, descriptor, header) };
  } catch (cause) {
    closeSync(descriptor);
    throw cause;
  }
}

/** Bytes that are checked at a time. */
const CHUNK = 2 ** 20;

async function checkIds(
  file: string,
  descriptor: number,
  { header, signal }: { header: TokenHeader; signal: AbortSignal | undefined },
): Promise<void> {
  const { vocabSize } = header;
  const fail = (why: string): never => {
    throw new DataError(`${file}: must be a token file; ${why}; make it again from the text`);
  };
  const hash = createHash('sha256');
  const ids = makeTokens(vocabSize - 1, CHUNK / widthOf(vocabSize));
  const bytes = bytesOf(ids);
  for (let at = HEADER_BYTES; ;) {
    const read = tryTo(file, 'read', () => readSync(descriptor, bytes, 0, CHUNK, at));
    if (read === 0) break;
    hash.update(bytes.subarray(0, read));
    try {
      checkTokens('ids', ids.subarray(0, read / widthOf(vocabSize)), vocabSize);
    } catch (cause) {
      fail(cause instanceof Error ? cause.message : String(cause));
    }
    at += read;
    signal?.throwIfAborted();
    await setImmediate();
  }
  if (hash.digest('hex') !== header.ids) fail('its ids are damaged');
}

const bytesOf = (ids: TokenArray): Uint8Array => new Uint8Array(ids.buffer);
