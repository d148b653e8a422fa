import { resolveSettings, Run, splitData, tokenizerFor, tokenizeText } from '@llm101/runs';
import { findLearningRate, type LearningRateSearch } from '@llm101/training';
import { compile } from '@llm101/wasm';
import type { Requests } from '../../../protocol.js';
import { withText } from '../../flags.js';
import { piecesOf } from '../../texts.js';
import type { Answer, Job } from '../handler.js';

type Row = Requests['rates'];

/** What `llm101 lr-find` does: trains with a rate that grows from step to step. A signal ends it with what it has. */
export async function rates(
  { flags, text, from, to, steps }: Row['input'],
  _: unknown,
  { signal, tell }: Job<Row['progress']>,
): Promise<Answer<LearningRateSearch>> {
  const settings = resolveSettings({ flags: withText(flags, text) });
  const pieces = await piecesOf(settings.data, text);
  const tokenized = await tokenizeText(pieces, tokenizerFor(settings), settings);
  const whole = { ...settings, shards: 1, accumulate: 1 }; // as batches are computed here, and take memory
  const run = new Run(whole, splitData(whole, tokenized), compile);
  try {
    const output = await findLearningRate({
      model: run.trained,
      optimizer: run.optimizer,
      batches: run.batches,
      from,
      to,
      steps,
      compile: run.compile,
      signal,
      onStep: tell,
    });
    return { output };
  } finally {
    run.dispose();
  }
}
