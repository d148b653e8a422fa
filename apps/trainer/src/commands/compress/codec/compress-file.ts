import { compress, crc32, makeEncoder, MixingModel, writeContainer } from '@llm101/info-theory';
import { Alphabet } from './alphabet.js';
import { codeByMixture } from './code-by-mixture.js';
import { codeByNetwork } from './code-by-network.js';
import { codeEscaped } from './code-escaped.js';
import { CrossEntropy } from './cross-entropy.js';
import { nameOfMethod } from './method.js';
import type { Network } from './network.js';
import { type OnProgress, watched } from './watched.js';

/** How {@link compressFile} goes about it. */
export interface CompressFileOptions {
  /** Whose predictions are taken; without one the text's own are. */
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

/** Of what comes before and after the code, the part that is always as long. */
const FRAME = 19;

/** Any bytes as a compressed file. */
export function compressFile(bytes: Uint8Array, options: CompressFileOptions): CompressedFile {
  const { network, mix, onProgress } = options;
  return network === undefined
    ? compressOnline(bytes, onProgress)
    : compressByNetwork(bytes, { network, mix, onProgress });
}

function compressOnline(bytes: Uint8Array, onProgress: OnProgress | undefined): CompressedFile {
  const model = watched(onlineModel(), bytes.length, onProgress);
  const name = nameOfMethod({ kind: 'online' });
  const file = compress(bytes, { model, name });
  const codeBytes = file.length - FRAME - name.length;
  return { file, codeBytes, symbols: bytes.length, escapes: 0 };
}

/** Learns bytes as it codes them; each line is compared with those above. */
export function onlineModel(): MixingModel {
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
