import { CharTokenizer, DataLoader, encodeLines, NextTokenDataset } from '@llm101/data';
import { countBigrams, type Bigram } from '@llm101/models';
import { evaluate } from '@llm101/training';

/** `.` is 0, before and behind each name; letters count from 1. */
export const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz', {
  padding: '.',
});

/** How often each symbol follows each in names: `[27 x 27]`, row after row. */
export function countPairs(names: readonly string[]): Float64Array {
  return countBigrams(encodeLines(names, tokenizer).tokens, tokenizer.vocabSize);
}

/** The mean negative log likelihood of each symbol of names, their ends included, in nats. */
export async function lossOn(names: readonly string[], model: Bigram): Promise<number> {
  const pairs = new NextTokenDataset(names, tokenizer, 1);
  const { loss } = await evaluate(model, new DataLoader(pairs, { batchSize: 10_000 }));
  return loss;
}
