import { frequenciesFromLogits, MixingModel } from '@llm101/info-theory';
import { nextTokenScores } from '@llm101/models';
import { compilePlain } from '../../../run-folder/model-file.js';
import { EscapeRate } from './escape-rate.js';
import type { NetworkOptions } from './network-options.js';

/**
 * Codes symbols by a network's predictions, mixed with those of what the text itself has shown so far: smaller, as that
 * sees the lines above, but one symbol after the other.
 *
 * @param symbols - `[length]` what to write, escapes as V; a decoder is given none
 * @returns the symbols
 */
export function codeByMixture(options: NetworkOptions, symbols?: Int32Array): number[] {
  const { coder, model, length, crossEntropy, onProgress } = options;
  const { vocabSize: V } = model;
  const network = nextTokenScores(model, { rows: 1, compile: compilePlain });
  const mixing = new MixingModel({ size: V + 1, separator: 0, experts: 1 });
  const rate = new EscapeRate();
  const line: number[] = [];
  const coded: number[] = [];
  try {
    for (let i = 0; i < length; i++) {
      onProgress?.(i);
      const scores = network.read([line]);
      const expert = frequenciesFromLogits(scores, { escape: rate.probability });
      const symbol = mixing.code(coder, symbols?.[i] ?? 0, [expert]);
      crossEntropy?.add(scores, 0, symbol);
      rate.count(1, symbol === V ? 1 : 0);
      coded.push(symbol);
      if (symbol === 0) line.length = 0;
      else line.push(symbol);
    }
    return coded;
  } finally {
    network.dispose();
  }
}
