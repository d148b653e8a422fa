import { describeText } from '@llm101/data';
import { describe } from '@llm101/models';
import { findLearningRate } from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { startBackend } from '@llm101/wasm';
import { drawRates } from './draw-rates.js';
import type { LrFindSettings } from './settings.js';
import { makeRun } from '../../run/make-run.js';
import type { Output } from '../../terminal/output.js';
import { prepareData } from '../../run/prepare-data.js';
import type { Settings } from '../../settings/settings.js';
import type { StopSignal } from '../../terminal/stop-signal.js';

/** What `llm101 lr-find` needs besides settings. */
export interface LrFindCommandOptions {
  readonly range: LrFindSettings;
  readonly output: Output;
  /** Tells of signals; the first ends the search, which says what it has found. */
  readonly stop: StopSignal;
}

/**
 * `llm101 lr-find`: trains with a growing learning rate, draws the losses, and says which rate is worth trying. No file
 * is read but the data, and none is written.
 *
 * @returns the exit status
 */
export async function lrFindCommand(
  settings: Settings,
  { range, output, stop }: LrFindCommandOptions,
): Promise<number> {
  const { from, to, steps } = range;
  const { print } = output;
  const { signal } = stop;
  const { description } = await startBackend();
  print(description);
  const data = await prepareData(settings, { output, signal });
  print(describeText(data.loaded));
  const { model, trained, optimizer, batches, way } = makeRun(settings, data);
  print(describe(model), '');

  const show = output.showsProgress ? progressBar() : () => {};
  show({ type: 'start', step: 0, maxSteps: steps });
  let step = 0;
  const { points, suggestion } = await findLearningRate({
    model: trained,
    optimizer,
    batches,
    from,
    to,
    steps,
    ...way,
    signal,
    onStep: ({ loss, batchLoss }, n) => {
      step = n;
      show({ type: 'step', step, batchLoss, trainLoss: loss });
    },
  }).finally(() => {
    show({ type: 'end', step, reason: 'finished' });
  });
  const conclusion =
    suggestion === undefined
      ? 'the loss never falls clearly: look at the curve, or try --from, --to or more --steps'
      : `the loss falls fastest at ${suggestion.toPrecision(2)}; llm101 train --lr ${suggestion.toPrecision(2)} is worth trying`;
  output.answer([drawRates(points), conclusion], { suggestion: suggestion ?? null, points });
  return 0;
}
