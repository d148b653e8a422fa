import {
  AdaptiveCounts,
  AdaptiveNgrams,
  CodecError,
  MixingModel,
  compress,
  decompress,
  readContainer,
  writeContainer,
} from '@llm101/info-theory';
import { mutate } from './random-file.mjs';

/** @typedef {import('@llm101/info-theory').SymbolModel} SymbolModel */

/**
 * Models of bytes by the name that a file of theirs gets; each call makes one that has coded nothing yet.
 *
 * @type {Readonly<Record<string, () => SymbolModel>>}
 */
export const MODELS = {
  counts: () => new AdaptiveCounts(256),
  'mixing order=2': () => new MixingModel({ size: 256, order: 2, separator: 10 }),
  'ngrams order=6': () => new AdaptiveNgrams({ size: 256, order: 6, separator: 10 }),
  'mixing order=6': () => new MixingModel({ size: 256 }),
  'mixing order=6 lines': () => new MixingModel({ size: 256, separator: 10 }),
};

/** @typedef {import('@llm101/random').Generator} Generator */
/** @typedef {import('@llm101/info-theory').CoderName} CoderName */

/**
 * What is checked with each file.
 *
 * @typedef {object} Subject
 * @property {CoderName} coder
 * @property {string} name - of a model in MODELS
 */

/**
 * Compresses a file and opens it again; then a mutation of the compressed file, and one of its code alone behind a
 * checksum that was made right again, which only the decoder and the inner checksum can find.
 *
 * @param {Uint8Array} bytes
 * @param {Subject} subject
 * @param {Generator} random
 * @returns {string | undefined} what went wrong
 */
export function checkFile(bytes, { coder, name }, random) {
  const file = compress(bytes, { model: MODELS[name](), name, coder });
  const open = (/** @type {Uint8Array} */ data) =>
    decompress(data, { model: MODELS[name](), name });
  const back = open(file);
  if (!equal(back, bytes)) return 'other bytes came back than were compressed';
  const { payload, ...rest } = readContainer(file);
  const mutants = [mutate(file, random)];
  if (payload.length > 0) {
    mutants.push(writeContainer({ ...rest, payload: mutate(payload, random) }));
  }
  for (const [i, mutant] of mutants.entries()) {
    const where = i === 0 ? 'file' : 'code';
    try {
      // Other bits can mean the same: the last ones of a code whose end they don't change. Right bytes are right.
      if (!equal(open(mutant), bytes)) return `an altered ${where} came back as other bytes`;
      if (i === 0) return 'an altered file was opened';
    } catch (error) {
      if (!(error instanceof CodecError)) return `an altered ${where} ended in ${String(error)}`;
    }
  }
  return undefined;
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
function equal(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
