import type { CharTokenizer } from '@llm101/data';
import { NgramModel, type NgramOptions } from '@llm101/info-theory';

/** Lines as sequences of tokens, each ended by the padding. */
export function encodeLines(lines: readonly string[], tokenizer: CharTokenizer): number[][] {
  return lines.map((line) => [...tokenizer.encode(line), tokenizer.paddingIndex]);
}

/** An n-gram model that has seen some sequences. */
export function ngramsOf(sequences: readonly number[][], options: NgramOptions): NgramModel {
  const model = new NgramModel(options);
  for (const sequence of sequences) model.observe(sequence);
  return model;
}

/** `unigrams`, `bigrams`, `3-grams`, … */
export function nameOfOrder(order: number): string {
  return ['unigrams', 'bigrams'].at(order - 1) ?? `${order}-grams`;
}
