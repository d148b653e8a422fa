import { createHash } from 'node:crypto';
import {
  CodecError,
  compress,
  crc32,
  decompress,
  makeDecoder,
  makeEncoder,
  MixingModel,
  readContainer,
  writeContainer,
} from '@llm101/info-theory';
import type { Container, SymbolModel } from '@llm101/info-theory';
import type { SavedModel } from '@llm101/runs';
import { openModelOfRun } from '../../../run-folder/model-file.js';
import { Alphabet } from './alphabet.js';
import { codeByMixture, codeByNetwork, codeEscaped, CrossEntropy } from './code-symbols.js';

/** A trained model that a codec predicts with. */
export interface Network extends Pick<SavedModel, 'model' | 'tokenizer'> {
  /** SHA-256 of its file. */
  readonly sha256: string;
  /** Size of its file. */
  readonly bytes: number;
}

/** @throws UserError when there is no whole model in the folder */
export async function loadNetwork(runDir: string): Promise<Network> {
  const { model, tokenizer, file } = await openModelOfRun(runDir);
  const sha256 = createHash('sha256').update(file).digest('hex');
  return { model, tokenizer, sha256, bytes: file.length };
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
  const model = withProgress(onlineModel(), bytes.length, onProgress);
  const name = nameOfMethod({ kind: 'online' });
  const file = compress(bytes, { model, name });
  const codeBytes = file.length - FRAME - name.length;
  return { file, codeBytes, symbols: bytes.length, escapes: 0 };
}

/** Learns bytes as it codes them; each line is compared with those above. */
function onlineModel(): MixingModel {
  return new MixingModel({ size: 256, separator: 10 });
}

function compressByNetwork(
  bytes: Uint8Array,
  { network, mix, onProgress }: CompressFileOptions & { readonly network: Network },
): CompressedFile {
  const { model, tokenizer, sha256 } = network;
  const { symbols, escaped } = new Alphabet(tokenizer).split(bytes);
  const coder = makeEncoder('arithmetic');
  const { length } = symbols;
  const crossEntropy = new CrossEntropy(model.vocabSize);
  const code = mix === true ? codeByMixture : codeByNetwork;
  const progress = (done: number): void => onProgress?.(done, length);
  code({ coder, model, length, crossEntropy, onProgress: progress }, symbols);
  codeEscaped(coder, escaped.length, escaped);
  const payload = coder.finish();
  const method = { kind: mix === true ? 'mixture' : 'network', modelSha256: sha256 } as const;
  const file = writeContainer({
    coder: 'arithmetic',
    model: nameOfMethod(method),
    length,
    checksum: crc32(bytes),
    payload,
  });
  const codeBytes = payload.length;
  return { file, codeBytes, symbols: length, escapes: escaped.length, crossEntropy };
}

/** How {@link decompressFile} decompresses. */
export interface DecompressFileOptions {
  /** Makes the model ready; called only if the file needs one. */
  readonly network?: (() => Promise<Network>) | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** A symbol's probability is at most 65,535/65,536, so a byte can't hold more of them. */
const MOST_SYMBOLS_OF_A_BYTE = 8 * 65536;

/**
 * The bytes that were compressed.
 *
 * @throws CodecError when the file is cut short, altered or another program's, or was made with another model
 */
export async function decompressFile(
  file: Uint8Array,
  { network, onProgress }: DecompressFileOptions,
): Promise<Uint8Array> {
  const container = readContainer(file);
  const { model: name, length } = container;
  const method = parseMethod(name);
  if (method === undefined) {
    throw new CodecError(`it was made by a method that this version doesn't know, '${name}'`);
  }
  if (method.kind === 'online') {
    return decompress(file, { model: withProgress(onlineModel(), length, onProgress), name });
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
  const code = method.kind === 'mixture' ? codeByMixture : codeByNetwork;
  const bytes = decode(container, { code, network: loaded, onProgress });
  if (crc32(bytes) !== container.checksum) {
    throw new CodecError(
      'the result has another checksum than the file that was compressed, as the model predicts differently on this machine; ' +
        'use the version of llm101 that made it',
    );
  }
  return bytes;
}

interface Decoding {
  readonly code: typeof codeByNetwork;
  readonly network: Network;
  readonly onProgress?: OnProgress | undefined;
}

function decode(
  { coder: coderName, length, payload }: Container,
  { code, network: { model, tokenizer }, onProgress }: Decoding,
): Uint8Array {
  if (length > MOST_SYMBOLS_OF_A_BYTE * (payload.length + 4)) {
    throw new CodecError(`it can't hold the ${length} characters that it says it does`);
  }
  const coder = makeDecoder(coderName, payload);
  const alphabet = new Alphabet(tokenizer);
  const symbols = code({ coder, model, length, onProgress: (done) => onProgress?.(done, length) });
  const escapes = symbols.reduce((n, symbol) => n + (symbol === alphabet.escape ? 1 : 0), 0);
  const escaped = codeEscaped(coder, escapes);
  coder.finish();
  return alphabet.join(symbols, escaped);
}

/**
 * How a file was compressed; its header says it by these names. What changes a bit of what a method computes, in kernels
 * too, makes older files unreadable: then its number has to change.
 */
const METHODS = {
  /** The network's predictions alone. */
  network: 'network 1',
  /** Mixed with what the text itself has shown. */
  mixture: 'network+mixing 1',
  /** What the text has shown alone: nothing else is needed. */
  online: 'mixing 1',
} as const;

/** A method, and the model that it needs. */
type Method =
  | { readonly kind: 'online' }
  | { readonly kind: 'network' | 'mixture'; readonly modelSha256: string };

/** Digits of a model's hash in a header: 128 bits are enough to distinguish models. */
const DIGITS = 32;

function nameOfMethod(method: Method): string {
  if (method.kind === 'online') return METHODS.online;
  return `${METHODS[method.kind]} sha256:${method.modelSha256.slice(0, DIGITS)}`;
}

/** @returns undefined for a name that this version doesn't know */
function parseMethod(name: string): Method | undefined {
  if (name === METHODS.online) return { kind: 'online' };
  for (const kind of ['network', 'mixture'] as const) {
    const head = `${METHODS[kind]} sha256:`;
    const digits = name.slice(head.length);
    if (name.startsWith(head) && /^[0-9a-f]{32}$/.test(digits))
      return { kind, modelSha256: digits };
  }
  return undefined;
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
