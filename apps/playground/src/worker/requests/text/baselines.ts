import { ngramsOf, sequencesOf } from '@llm101/inference';
import { sequenceCrossEntropy } from '@llm101/info-theory';
import { tokenCount } from '@llm101/runs';
import { readData, settingsOf } from '../../begin-run.js';
import type { Handler } from '../handler.js';

/** Tokens of the n-grams, as long as a glance remembers. */
const ORDERS = [1, 2, 4];

/** Tokens whose n-grams are counted: more takes too long for a line across a chart. */
const MOST_COUNTED = 4_000_000;

/** Tokens all alike, then n-grams by Kneser–Ney, as `llm101 entropy` measures them; of a text that is too long for them only the first. */
export const baselines: Handler<'baselines'> = async (parts, _, { signal, tell }) => {
  const data = await readData(settingsOf(parts), parts);
  const size = data.tokenizer.vocabSize;
  tell({ order: 0, loss: Math.log(size) });
  if (tokenCount(data.train) + tokenCount(data.val) > MOST_COUNTED) return { output: undefined };
  const [learned, held] = [data.train, data.val].map(sequencesOf);
  for (const order of ORDERS) {
    if (signal.aborted) break;
    const smoothing = 'kneser-ney';
    tell({
      order,
      loss: sequenceCrossEntropy(ngramsOf(learned, { size, order, smoothing }), held),
    });
  }
  return { output: undefined };
};
