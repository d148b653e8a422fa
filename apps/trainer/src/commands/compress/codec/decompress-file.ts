import {
  CodecError,
  type Container,
  crc32,
  decompress,
  makeDecoder,
  readContainer,
} from '@llm101/info-theory';
import { Alphabet } from './alphabet.js';
import { codeByMixture } from './code-by-mixture.js';
import { codeByNetwork } from './code-by-network.js';
import { codeEscaped } from './code-escaped.js';
import { onlineModel } from './compress-file.js';
import { isModel, parseMethod } from './method.js';
import type { Network } from './network.js';
import { type OnProgress, watched } from './watched.js';

/** How {@link decompressFile} goes about it. */
export interface DecompressFileOptions {
  /** Makes the model ready; called only if the file needs one. */
  readonly network?: (() => Promise<Network>) | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** A symbol has at most 65,535 of 65,536 of the probability, so that a byte can't hold more of them. */
const MOST_SYMBOLS_OF_A_BYTE = 8 * 65536;

/**
 * The bytes that were compressed.
 *
 * @throws CodecError when the file is cut, altered or none of ours, or was made with another model
 */
export async function decompressFile(
  file: Uint8Array,
  { network, onProgress }: DecompressFileOptions,
): Promise<Uint8Array> {
  const container = readContainer(file);
  const { model: name, length } = container;
  const method = parseMethod(name);
  if (method === undefined) {
    throw new CodecError(`it was made in a way that this version doesn't know, '${name}'`);
  }
  if (method.kind === 'online') {
    return decompress(file, { model: watched(onlineModel(), length, onProgress), name });
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
      'what came out has another checksum than what went in, as the model predicts otherwise here than where it was made; ' +
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
