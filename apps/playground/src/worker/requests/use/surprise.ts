import type { SurpriseOutput, UseRequests } from '../../../use-requests.js';
import type { Answer, Job } from '../handler.js';
import { openedModel } from './opened.js';
import { yielder } from './yielding.js';

type Row = UseRequests['surprise'];

/** How surprising each part of a text is to the model. */
export async function surprise(
  { text }: Row['input'],
  _: unknown,
  { signal, tell }: Job<Row['progress']>,
): Promise<Answer<SurpriseOutput>> {
  const { network, predictor } = openedModel();
  const yieldToOthers = yielder(signal);
  const found = await predictor.surprise(text, {
    between: async (done, all) => {
      tell({ done, all });
      await yieldToOthers();
    },
  });
  const { parts, bits: totalBits, characters, unknown } = found;
  const output = {
    texts: parts.map((part) => part.text),
    ends: Uint8Array.from(parts, ({ isEnd }) => Number(isEnd)),
    bits: Float32Array.from(parts, ({ bits = NaN }) => bits),
    entropies: Float32Array.from(parts, ({ entropyBits }) => entropyBits),
    ranks: Int32Array.from(parts, ({ rank = 0 }) => rank),
    totalBits,
    characters,
    unknown,
    uniformBits: Math.log2(network.model.vocabSize),
  };
  const { ends, bits, entropies, ranks } = output;
  return { output, transfer: [ends.buffer, bits.buffer, entropies.buffer, ranks.buffer] };
}
