import {
  codeInLanes,
  frequenciesFromLogits,
  type FrequencyTable,
  type SymbolCoder,
} from '@llm101/info-theory';
import { nextTokenScores } from '@llm101/models';
import { compilePlain } from '../../../run-folder/model-file.js';
import { EscapeRate } from './escape-rate.js';
import type { NetworkOptions } from './network-options.js';

/** What a lane costs, some ten bits at its cut into a line, is 0.05 % of so many symbols. */
const LANE_LENGTH = 8192;
const MOST_LANES = 256;

/** Lanes of a text; both sides know its length. */
function lanesOf(length: number): number {
  return Math.min(Math.max(Math.round(length / LANE_LENGTH), 1), MOST_LANES);
}

/**
 * Codes symbols by a network's predictions alone, many places of the text at a time.
 *
 * @param symbols - `[length]` what to write, escapes as V; a decoder is given none
 * @returns the symbols
 */
export function codeByNetwork(options: NetworkOptions, symbols?: Int32Array): number[] {
  const { coder, model, length, crossEntropy, onProgress } = options;
  const { vocabSize: V } = model;
  const lanes = lanesOf(length);
  const network = nextTokenScores(model, { rows: lanes, compile: compilePlain });
  const rate = new EscapeRate();
  let scores: Float32Array = new Float32Array();
  let [row, done] = [0, 0];
  const predict = (contexts: readonly (readonly number[])[]): FrequencyTable[] => {
    if (done > 0) rate.count(contexts.length, contexts.filter((c) => c.at(-1) === V).length);
    onProgress?.(done);
    done += contexts.length;
    scores = network.read(contexts);
    row = 0;
    const { probability: escape } = rate;
    return contexts.map((_, r) =>
      frequenciesFromLogits(scores.subarray(r * V, (r + 1) * V), { escape }),
    );
  };
  const measured: SymbolCoder = {
    code(table, symbol) {
      crossEntropy?.add(scores, row++, symbol);
      return coder.code(table, symbol);
    },
    codeBit: (frequencyOfOne, bit) => coder.codeBit(frequencyOfOne, bit),
  };
  try {
    return codeInLanes({ coder: measured, length, lanes, separator: 0, predict }, symbols);
  } finally {
    network.dispose();
  }
}
