import { CharTokenizer, DataLoader, NextTokenDataset, type Batch } from '@llm101/data';
import { randperm, type Generator } from '@llm101/random';
import {
  evaluate,
  sgd,
  train,
  watchActivations,
  watchParameters,
  type WatchedActivation,
  type WatchedParameter,
} from '@llm101/training';
import { compile } from '@llm101/wasm';
import { T, type Network } from './network.js';

/** Names by their position: nine tenths to learn from, the rest to be tried on. */
export function splitByPosition(names: readonly string[]) {
  const count = Math.floor(names.length * 0.9);
  const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
  const [training, validation] = [names.slice(0, count), names.slice(count)].map(
    (part) => new NextTokenDataset(part, tokenizer, T),
  );
  return { training, validation, tokenizer };
}

/** Batches of 32 windows, the first of a shuffle of all: `randperm(N)[:32]`. */
export function* batchesOf(windows: NextTokenDataset, generator: Generator): Iterable<Batch> {
  const size = 32;
  for (;;) {
    const rows = randperm(generator, windows.length).subarray(0, size);
    const inputs = new Int32Array(size * T);
    const targets = new Int32Array(size);
    for (const [i, row] of rows.entries()) {
      windows.copyRow(row, inputs, i * T);
      windows.copyTargets(row, targets, i);
    }
    yield { size, contextSize: T, inputs, targets };
  }
}

/** What a network shows on a batch: sums before tanh, what tanh makes of them, parameters. */
export interface Inside {
  readonly sums: WatchedActivation;
  readonly hidden: WatchedActivation;
  readonly parameters: readonly WatchedParameter[];
}

/** Looks into a network as it is, as the lecture does: histograms of 50 bins, those of tanh from -1 to 1. */
export function lookInside(model: Network, batch: Batch): Inside {
  const histogram = { bins: 50, range: [-1, 1] } as const;
  const [sums] = watchActivations(model, { histogram: { bins: 50 } }).look(batch);
  const [, hidden] = watchActivations(model, { histogram }).look(batch);
  return { sums, hidden, parameters: watchParameters(model).look(batch) };
}

/**
 * Trains by plain gradient descent, at a rate of 0.01.
 *
 * @returns the loss of each batch, and that on the windows for validation, in nats
 */
export async function learn(
  model: Network,
  { batches, validation, steps }: LearnOptions,
): Promise<{ losses: number[]; valLoss: number }> {
  const losses: number[] = [];
  await train({
    model,
    optimizer: sgd(model.parameters(), { learningRate: 0.01 }),
    batches,
    maxSteps: steps,
    compile,
    listeners: [(event) => event.type === 'step' && losses.push(event.batchLoss)],
  });
  const { loss } = await evaluate(model, new DataLoader(validation, { batchSize: 5000 }));
  return { losses, valLoss: loss };
}

/** What {@link learn} is given. */
export interface LearnOptions {
  readonly batches: Iterable<Batch>;
  readonly validation: NextTokenDataset;
  readonly steps: number;
}
