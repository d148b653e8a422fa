import { Sha256 } from '@llm101/data';
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
import type { NextTokenScores } from '@llm101/models';
import type { SampledModel } from '@llm101/runs';
import { plainScores, type UseOptions } from '../plain-scores.js';
import { Alphabet } from './alphabet.js';
import {
  codeByMixture,
  codeByNetwork,
  codeEscaped,
  CrossEntropy,
  onlineModel,
} from './code-symbols.js';

/** A trained model that files are compressed with: who has it reads them. */
export interface CodecNetwork extends SampledModel {
  /** SHA-256 of its file, in lower-case hex. */
  readonly sha256: string;
  /** Size of its file. */
  readonly bytes: number;
  /** Makes a scorer on plain SIMD, compiled, of `rows` contexts at once, for `tokens` tokens in all. */
  readonly scores: (rows: number, tokens: number) => NextTokenScores;
}

/**
 * A model as a codec takes it.
 *
 * @param file - what `openModel` has read the model from
 */
export function codecNetwork(
  { model, tokenizer, examples }: SampledModel,
  { file, compile }: Required<UseOptions> & { readonly file: Uint8Array },
): CodecNetwork {
  const hash = new Sha256();
  hash.update(file);
  return {
    model,
    tokenizer,
    examples,
    sha256: hash.hex(),
    bytes: file.length,
    scores: (rows) => plainScores(model, { rows, compile }),
  };
}

/** How {@link compressFile} compresses. */
export interface CompressFileOptions {
  /** Predicts the text; without one the text so far does. */
  readonly network?: CodecNetwork | undefined;
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

/**
 * Any bytes as a compressed file, which `llm101 decompress` reads, and {@link decompressFile} in whatever engine.
 *
 * @throws what `onProgress` throws, to end the work
 */
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
  { network, mix, onProgress }: CompressFileOptions & { readonly network: CodecNetwork },
): CompressedFile {
  const { model, tokenizer, examples, sha256 } = network;
  const { symbols, escaped } = new Alphabet(tokenizer, examples).split(bytes);
  const coder = makeEncoder('arithmetic');
  const { length } = symbols;
  const crossEntropy = new CrossEntropy(model.vocabSize);
  const code = mix === true ? codeByMixture : codeByNetwork;
  const onSymbol = (done: number): void => onProgress?.(done, length);
  const scoresOf = (rows: number): NextTokenScores => network.scores(rows, length);
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

/** What {@link inspectCompressed} finds. */
export interface CompressedHeader {
  /** By what the text itself shows, by a network, or by both. */
  readonly kind: 'online' | 'network' | 'mixture';
  /** The first 32 digits of the SHA-256 of the network's file; undefined where none is needed. */
  readonly modelSha256: string | undefined;
}

/**
 * What is needed to decompress a file.
 *
 * @throws CodecError when the file is cut short, altered or another program's
 */
export function inspectCompressed(file: Uint8Array): CompressedHeader {
  const method = methodOf(readContainer(file));
  const { kind } = method;
  return { kind, modelSha256: kind === 'online' ? undefined : method.modelSha256 };
}

/** How {@link decompressFile} decompresses. */
export interface DecompressFileOptions {
  /** The most bytes that may come out. Default: 2^31. */
  readonly maxSize?: number;
  /** Makes the model ready; called only if the file needs one, with the first 32 digits of the SHA-256 of its file. */
  readonly network?: ((sha256: string) => Promise<CodecNetwork>) | undefined;
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
  const method = methodOf(container);
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
  const loaded = await network(method.modelSha256);
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
  readonly network: CodecNetwork;
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
  const scoresOf = (rows: number): NextTokenScores => network.scores(rows, length);
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

/** @throws CodecError when this version doesn't know it */
function methodOf({ model: name }: Container): Method {
  const method = parseMethod(name);
  if (method !== undefined) return method;
  throw new CodecError(`it was made by a method that this version doesn't know, '${name}'`);
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

/** Called with the progress of some work; an error that it throws ends that. */
export type OnProgress = (done: number, total: number) => void;

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
