import { AdaptiveCounts, AdaptiveNgrams, MixingModel } from '@llm101/info-theory';

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
