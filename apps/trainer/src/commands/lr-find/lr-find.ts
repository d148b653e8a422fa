import { describeText } from '@llm101/data';
import { describe } from '@llm101/models';
import { Run, type Settings } from '@llm101/runs';
import { findLearningRate, type RateFinding, type RatePoint } from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';
import { plot } from 'simple-ascii-chart';
import type { Output } from '../../terminal/output.js';
import type { Initial } from '../../run-folder/initial.js';
import { loadAndSplit } from '../../run-folder/data.js';
import type { StopSignal } from '../../terminal/stop-signal.js';
import { canvas, plotColumns } from '../../terminal/streams.js';

/** The learning rates that are tried. */
interface RateRange {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

/** What `llm101 lr-find` needs besides settings. */
export interface LrFindCommandOptions {
  readonly range: RateRange;
  /** The file that names the text, where one does. */
  readonly config?: string | undefined;
  /** The model of `--init-from`, if any. */
  readonly initial?: Initial | undefined;
  readonly output: Output;
  /** The first signal ends the search, which says what it has found. */
  readonly stop: StopSignal;
}

/**
 * `llm101 lr-find`: trains with a growing learning rate, draws the losses, and says which rate is worth trying. It reads
 * only the data, and writes nothing.
 *
 * @returns the exit status
 */
export async function lrFindCommand(
  settings: Settings,
  { range, config, initial, output, stop }: LrFindCommandOptions,
): Promise<number> {
  const { from, to, steps } = range;
  const { print } = output;
  const { signal } = stop;
  print((await startBackend({ relaxedSimd: settings.relaxedSimd })).description);
  const data = await loadAndSplit(settings, { config, initial, output, signal });
  print(describeText(data.loaded));
  const whole = { ...settings, shards: 1, accumulate: 1 }; // as batches are computed here, and take memory
  const run = new Run(whole, data, compile, initial);
  print(describe(run.model).split('\n'), '');

  const show = output.showsProgress ? progressBar({ stream: canvas() }) : () => {};
  show({ type: 'start', step: 0, maxSteps: steps });
  let step = 0;
  const { points, finding, suggestion } = await findLearningRate({
    model: run.trained,
    optimizer: run.optimizer,
    batches: run.batches,
    from,
    to,
    steps,
    compile: run.compile,
    signal,
    onStep: ({ loss, batchLoss }, n) => {
      step = n;
      show({ type: 'step', step, batchLoss, trainLoss: loss });
    },
  }).finally(() => {
    show({ type: 'end', step, reason: 'finished' });
    run.dispose();
  });
  const conclusion = conclude(finding, { suggestion, range });
  output.answer([...drawRates(points), conclusion], {
    finding,
    suggestion: suggestion ?? null,
    points,
  });
  return 0;
}

/** What was found, and what to try. */
function conclude(
  finding: RateFinding,
  { suggestion, range }: { readonly suggestion: number | undefined; readonly range: RateRange },
): string {
  const { from, to, steps } = range;
  switch (finding) {
    case 'falls': {
      const rate = suggestion?.toPrecision(2);
      return `the loss falls fastest at ${rate}; llm101 train --lr ${rate} is worth trying`;
    }
    case 'unchanged':
      return `no rate from ${from} to ${to} changes the loss by more than batches differ; try a higher --to`;
    case 'diverges':
      return `the loss grows beyond twice its lowest within a few steps from rate ${from} on; try a lower --from`;
    case 'too few steps':
      return `${steps} steps are too few for a slope; try --steps 200`;
    case 'rises':
      return 'the loss never falls clearly; look at the curve, or try --from, --to or more --steps';
    default:
      return finding satisfies never;
  }
}

const ROWS = 15;

/** The smoothed loss over the learning rate, on a logarithmic axis, as lines of text. */
function drawRates(points: readonly RatePoint[]): string[] {
  const coordinates = points.map(({ learningRate, loss }): [number, number] => [
    Math.log10(learningRate),
    loss,
  ]);
  const exponents = coordinates.map(([x]) => x); // they rise
  const [first, last] = [Math.ceil(exponents[0]), Math.floor(exponents[exponents.length - 1])];
  return plot(coordinates, {
    width: plotColumns(),
    height: ROWS,
    title: 'loss in nats, smoothed, over the learning rate',
    customXAxisTicks: Array.from({ length: last - first + 1 }, (_, i) => first + i),
    formatter: (value, { axis }) => (axis === 'x' ? `1e${value}` : value.toFixed(2)),
  })
    .trimEnd()
    .split('\n');
}
