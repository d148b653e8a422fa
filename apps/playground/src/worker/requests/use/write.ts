import { drawText, planTexts } from '@llm101/inference';
import { Generator } from '@llm101/random';
import type { UseRequests } from '../../../use-requests.js';
import type { Answer, Job } from '../handler.js';
import { openedModel } from './opened.js';
import { yielder } from './yielding.js';

type Row = UseRequests['write'];

/** Texts as `llm101 sample` draws them, told part by part. */
export async function write(
  { prompt, drawing, count, maxLength }: Row['input'],
  _: unknown,
  { signal, tell }: Job<Row['progress']>,
): Promise<Answer<Row['output']>> {
  const { network, predictor } = openedModel();
  const { seed, ...probabilities } = drawing;
  const plan = planTexts(network, { prompt, maxLength, ...probabilities });
  const yieldToOthers = yielder(signal);
  const generator = Generator.seeded(seed);
  const { scores } = predictor;
  for (let index = 0; index < count; index++) {
    tell({ index, text: plan.prompt, bits: undefined });
    for (const { text, drawn } of drawText(plan, { generator, scores })) {
      tell({ index, text, bits: drawn && -drawn.logProbability / Math.LN2 });
      await yieldToOthers();
    }
  }
  return { output: {} };
}
