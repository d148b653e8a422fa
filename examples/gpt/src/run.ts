import { SequenceLoader, splitSequences } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { describe, sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import { evaluate, InfiniteLoader, oneCycle, startWorkers, train } from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';
import { Worker } from 'node:worker_threads';
import { LEARNING_RATE, makeReplica } from './replica.js';

/** Settings of {@link run}. */
export interface RunOptions {
  /** Default: 12,000. */
  readonly maxSteps?: number;
  /** Runs of rows that each batch of 8 is cut into; they decide how sums round. Default: 1. */
  readonly shards?: number;
  /** Threads that compute them; they decide nothing. Default: 1. */
  readonly workers?: number;
}

/**
 * Trains a GPT, measures it on the lines that it hasn't seen, and draws names from it.
 *
 * @param source - a name of a data set, a file or a URL; an example a line
 * @returns the loss on the held-out lines, in nats a character, and the names
 */
export async function run(source: string, options: RunOptions = {}) {
  const { maxSteps = 12_000, shards = 1, workers: count = 1 } = options;
  const { description } = await startBackend();
  console.log(description);
  const { text } = await loadText(source);
  const split = splitSequences(text, { generator: Generator.seeded(101) });
  const longest = Math.max(split.train.longest, split.test.longest);

  const data = { vocabSize: split.tokenizer.vocabSize, contextSize: longest };
  const { gpt, model, optimizer, generator } = makeReplica(data);
  console.log(describe(gpt));

  const packedSize = Math.max(32, longest);
  const loader = new SequenceLoader(split.train, { packedSize, rows: 8, shuffle: true, generator });
  const validation = new SequenceLoader(split.test, { packedSize, rows: 64 });
  const workers = await startWorkers({
    count,
    spawn: () => new Worker(new URL('./worker.js', import.meta.url)),
    data,
  });
  try {
    await train({
      model,
      optimizer,
      batches: new InfiniteLoader(loader, { reshuffle: true }),
      maxSteps,
      shards,
      workers,
      schedule: oneCycle({ learningRate: LEARNING_RATE, steps: maxSteps, rise: 0.02 }),
      compile,
      listeners: [progressBar()],
    });
    const { loss } = await evaluate(model, validation, { compile, workers });
    console.log(`${loss.toFixed(4)} nats a character on ${split.test.length} held-out lines`);
    const drawn = { count: 10, generator: Generator.seeded(101), maxLength: longest };
    const names = sample(gpt, drawn).map((tokens) => split.tokenizer.decode(tokens));
    console.log(names.join(' '));
    return { loss, names };
  } finally {
    await workers.close();
    optimizer.dispose();
  }
}
