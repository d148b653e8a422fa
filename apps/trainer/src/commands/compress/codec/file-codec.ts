import { createHash } from 'node:crypto';
import {
  CodecError,
  compress,
  crc32,
  decompress,
  makeDecoder,
  makeEncoder,
  MAX_COMPRESSED_BYTES,
  readContainer,
  writeContainer,
} from '@llm101/info-theory';
import type { Container, SymbolModel } from '@llm101/info-theory';
import { plainScores } from '@llm101/inference';
import type { NextTokenScores } from '@llm101/models';
import type { SavedModel, Settings } from '@llm101/runs';
import { compile } from '@llm101/wasm';
import { openModelOfRun } from '../../../run-folder/model-file.js';
import { savedScores, threadsFor } from '../../../threads/saved-scores.js';
import { Alphabet } from './alphabet.js';
import {
  codeByMixture,
  codeByNetwork,
  codeEscaped,
  CrossEntropy,
  onlineModel,
} from './code-symbols.js';

/** A trained model that a codec predicts with. */
export interface Network extends Pick<SavedModel, 'model' | 'tokenizer' | 'examples'> {
  /** SHA-256 of its file. */
  readonly sha256: string;
  /** Size of its file. */
  readonly bytes: number;
  /** Makes a scorer for `tokens` tokens in all, `rows` at once. Default: on this thread. */
  readonly score?: (rows: number, tokens: number) => NextTokenScores;
}

/**
 * @param workers - threads that score
 * @throws UserError when there is no whole model in the folder
 */
export async function loadNetwork(runDir: string, workers: Settings['workers']): Promise<Network> {
  const saved = await openModelOfRun(runDir);
  const { config, model, tokenizer, examples, file } = saved;
  const sha256 = createHash('sha256').update(file).digest('hex');
  const score = (rows: number, tokens: number): NextTokenScores =>
    savedScores(saved, { rows, workers: threadsFor(workers, { config, rows, tokens }) });
  return { model, tokenizer, examples, sha256, bytes: file.length, score };
}

/** How {@link compressFile} compresses. */
export interface CompressFileOptions {
  /** Predicts the text; without one the text so far does. */
  readonly network?: Network | undefined;
  /** Whether both are mixed. */
  readonly mix?: boolean | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** What {@link compressFile} made. */
export interface CompressedFile {
  readonly file: Uint8Array;
  /** The code in it, without header and checksums. */
  readonly codeBytes: number;
  /** Symbols that were coded. */
  readonly symbols: number;
  /** How many of them the network's alphabet lacked. */
  readonly escapes: number;
  /** What the network's own probabilities would need for the others. */
  readonly crossEntropy?: CrossEntropy;
}

/** Bytes before and after the code, without the method's name. */
const FRAME = 19;

/** Any bytes as a compressed file. */
export function compressFile(bytes: Uint8Array, options: CompressFileOptions): CompressedFile {
  const { network, mix, onProgress } = options;
  return network === undefined
    ? compressOnline(bytes, onProgress)
    : compressByNetwork(bytes, { network, mix, onProgress });
}

function compressOnline(bytes: Uint8Array, onProgress: OnProgress | undefined): CompressedFile {
  const model = withProgress(onlineModel(true), bytes.length, onProgress);
  const name = nameOfMethod('online');
  const file = compress(bytes, { model, name });
  const codeBytes = file.length - FRAME - name.length;
  return { file, codeBytes, symbols: bytes.length, escapes: 0 };
}

function compressByNetwork(
  bytes: Uint8Array,
  { network, mix, onProgress }: CompressFileOptions & { readonly network: Network },
): CompressedFile {
  const { model, tokenizer, examples, sha256 } = network;
  const { symbols, escaped } = new Alphabet(tokenizer, examples).split(bytes);
  const coder = makeEncoder('arithmetic');
  const { length } = symbols;
  const crossEntropy = new CrossEntropy(model.vocabSize);
  const code = mix === true ? codeByMixture : codeByNetwork;
  const onSymbol = (done: number): void => onProgress?.(done, length);
  const scoresOf = scorerOf(network, length);
  const options = { coder, model, examples, scoresOf, length, crossEntropy, onProgress: onSymbol };
  code({ ...options, isBounded: true }, symbols);
  codeEscaped({ coder, isBounded: true, count: escaped.length }, escaped);
  const payload = coder.finish();
  const file = writeContainer({
    coder: 'arithmetic',
    model: nameOfMethod(mix === true ? 'mixture' : 'network', sha256),
    length,
    checksum: crc32(bytes),
    payload,
  });
  const codeBytes = payload.length;
  return { file, codeBytes, symbols: length, escapes: escaped.length, crossEntropy };
}

/** Makes scorers of a network for so many symbols in all. */
function scorerOf({ model, score }: Network, length: number): (rows: number) => NextTokenScores {
  return (rows) => score?.(rows, length) ?? plainScores(model, { rows, compile });
}

/** How {@link decompressFile} decompresses. */
export interface DecompressFileOptions {
  /** The most bytes that may come out. Default: 2^31. */
  readonly maxSize?: number;
  /** Makes the model ready; called only if the file needs one. */
  readonly network?: (() => Promise<Network>) | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** A file says that it holds more than may come out of it. */
export class TooLargeError extends CodecError {
  /** What it says, in bytes; of a network in characters, each of which has one byte at least. */
  readonly size: number;

  constructor(size: number) {
    super(`it says that it holds ${size} bytes`);
    this.size = size;
  }
}

/**
 * The bytes that were compressed.
 *
 * @throws CodecError when the file is cut short, altered or another program's, or was made with another model
 * @throws TooLargeError when it holds more than `maxSize` bytes
 */
export async function decompressFile(
  file: Uint8Array,
  { maxSize = MAX_COMPRESSED_BYTES, network, onProgress }: DecompressFileOptions,
): Promise<Uint8Array> {
  const container = readContainer(file);
  const { model: name, length } = container;
  const method = parseMethod(name);
  if (method === undefined) {
    throw new CodecError(`it was made by a method that this version doesn't know, '${name}'`);
  }
  if (length > maxSize) throw new TooLargeError(length);
  checkLength(container, method.kind === 'online' ? 8 : 1);
  if (method.kind === 'online') {
    const model = withProgress(onlineModel(method.isBounded), length, onProgress);
    return decompress(file, { model, name });
  }
  const needed = `sha256 ${method.modelSha256}…`;
  if (network === undefined) {
    throw new CodecError(`it needs the model that made it (${needed}); name its run with --model`);
  }
  const loaded = await network();
  if (!isModel(loaded.sha256, method.modelSha256)) {
    throw new CodecError(
      `it was made with another model (${needed}) than this one (sha256 ${loaded.sha256}); name the other's run with --model`,
    );
  }
  let bytes: Uint8Array | undefined;
  try {
    bytes = decode(container, { method, network: loaded, maxSize, onProgress });
  } catch (error) {
    // where predictions differ, a code that is whole may end anywhere
    if (!method.isOlder || !(error instanceof CodecError)) throw error;
  }
  if (bytes === undefined || crc32(bytes) !== container.checksum) {
    throw new CodecError(
      'the result is not the file that was compressed, as the model predicts differently here; ' +
        'use the version of llm101 that made it',
    );
  }
  return bytes;
}

/** A step's probability is at most 65,535/65,536, so that a byte can't hold more of them. */
const MOST_STEPS_OF_A_BYTE = 8 * 65536;

/** @throws CodecError when a code is too short for the symbols that it is said to hold, each of which takes some steps */
function checkLength({ length, payload }: Container, steps: number): void {
  if (length * steps > MOST_STEPS_OF_A_BYTE * (payload.length + 4)) {
    throw new CodecError(`it can't hold the ${length} characters that it says it does`);
  }
}

interface Decoding {
  readonly method: Method;
  readonly network: Network;
  readonly maxSize: number;
  readonly onProgress?: OnProgress | undefined;
}

function decode(
  { coder: coderName, length, payload }: Container,
  { method: { kind, isBounded }, network, maxSize, onProgress }: Decoding,
): Uint8Array {
  const { model, tokenizer, examples } = network;
  const coder = makeDecoder(coderName, payload);
  const alphabet = new Alphabet(tokenizer, examples);
  const code = kind === 'mixture' ? codeByMixture : codeByNetwork;
  const onSymbol = (done: number): void => onProgress?.(done, length);
  const scoresOf = scorerOf(network, length);
  const symbols = code({
    coder,
    model,
    examples,
    scoresOf,
    length,
    isBounded,
    onProgress: onSymbol,
  });
  const size = alphabet.countBytes(symbols);
  if (size > maxSize) throw new TooLargeError(size);
  let escapes = 0;
  for (let i = 0; i < length; i++) if (symbols[i] === alphabet.escape) escapes++;
  const escaped = codeEscaped({ coder, isBounded, count: escapes });
  coder.finish();
  return alphabet.join(symbols, escaped);
}

/**
 * How a file was compressed; its header says it by these names and a version. What changes a bit of what a method computes,
 * in kernels too, makes older files unreadable: then the version has to change.
 */
const METHODS = {
  /** The network's predictions alone. */
  network: 'network',
  /** Mixed with what the text itself has shown. */
  mixture: 'network+mixing',
  /** What the text has shown alone: nothing else is needed. */
  online: 'mixing',
} as const;

/**
 * 1 remembered all of a text, so that a large one took all memory; up to 2, networks rounded tanh, sigmoid and the error function
 * otherwise. Both are still read: what a network that has such functions makes of them is refused.
 */
const VERSIONS = { online: 2, network: 3, mixture: 3 } as const;

/** A method, and the model that it needs. */
type Method = { readonly isBounded: boolean; readonly isOlder: boolean } & (
  | { readonly kind: 'online' }
  | { readonly kind: 'network' | 'mixture'; readonly modelSha256: string }
);

/** Digits of a model's hash in a header: 128 bits are enough to distinguish models. */
const DIGITS = 32;

/** @param modelSha256 - of a network */
function nameOfMethod(kind: Method['kind'], modelSha256 = ''): string {
  const name = `${METHODS[kind]} ${VERSIONS[kind]}`;
  return kind === 'online' ? name : `${name} sha256:${modelSha256.slice(0, DIGITS)}`;
}

/** @returns undefined for a name that this version doesn't know */
function parseMethod(name: string): Method | undefined {
  const [, method, version, modelSha256] =
    /^([a-z+]+) ([1-9])(?: sha256:([0-9a-f]{32}))?$/.exec(name) ?? [];
  const kind = (['online', 'network', 'mixture'] as const).find(
    (known) => METHODS[known] === method,
  );
  if (kind === undefined || Number(version) > VERSIONS[kind]) return undefined;
  const age = { isBounded: version !== '1', isOlder: Number(version) < VERSIONS[kind] };
  if (kind === 'online') return modelSha256 === undefined ? { kind, ...age } : undefined;
  return modelSha256 === undefined ? undefined : { kind, modelSha256, ...age };
}

/** Whether a model's hash is the one that a header names. */
function isModel(sha256: string, named: string): boolean {
  return sha256.slice(0, DIGITS) === named;
}

/** Called with the progress of some work. */
type OnProgress = (done: number, total: number) => void;

/** A model that reports how many symbols it has coded. */
function withProgress(model: SymbolModel, total: number, onProgress?: OnProgress): SymbolModel {
  let done = 0;
  return {
    size: model.size,
    code(coder, symbol) {
      onProgress?.(done++, total);
      return model.code(coder, symbol);
    },
  };
}
