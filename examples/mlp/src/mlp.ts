import { CharTokenizer, DataLoader, NextTokenDataset, RandomLoader } from '@llm101/data';
import { MLP } from '@llm101/models';
import { Generator } from '@llm101/random';
import { evaluate, InfiniteLoader, sgd, train, type TrainingListener } from '@llm101/training';
import { compile } from '@llm101/wasm';

/** `.` is 0, before and behind each name; letters count from 1. */
export const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');

/** Settings of {@link learn}; the defaults are the lecture's. */
export interface LearnOptions {
  /** Default: 3,000. */
  readonly steps?: number;
  /** Default: 0.1. */
  readonly learningRate?: number;
  /** Default: 101. */
  readonly seed?: number;
  readonly listeners?: readonly TrainingListener[];
}

/** Three letters in, 27 scores out: an embedding of 2, 32 hidden units, tanh; all drawn from a standard normal. */
export function makeMLP(seed = 101): MLP {
  const sizes = { vocabSize: 27, contextSize: 3, dEmbed: 2, dHidden: 32 };
  return new MLP({ ...sizes, activation: 'tanh', init: 'randn' }, Generator.seeded(seed));
}

/**
 * Trains on batches of 32 windows, drawn at random from all of the names.
 *
 * @returns the loss of each batch, in nats
 */
export async function learn(
  model: MLP,
  names: readonly string[],
  { steps = 3000, learningRate = 0.1, seed = 101, listeners = [] }: LearnOptions = {},
): Promise<number[]> {
  const windows = new NextTokenDataset(names, tokenizer, 3);
  const generator = Generator.seeded(seed);
  const losses: number[] = [];
  await train({
    model,
    optimizer: sgd(model.parameters(), { learningRate }),
    batches: new InfiniteLoader(new RandomLoader(windows, { batchSize: 32, generator })),
    maxSteps: steps,
    compile,
    listeners: [(event) => event.type === 'step' && losses.push(event.batchLoss), ...listeners],
  });
  return losses;
}

/** The mean loss on names, in nats a letter. */
export async function lossOn(names: readonly string[], model: MLP): Promise<number> {
  const windows = new NextTokenDataset(names, tokenizer, 3);
  const { loss } = await evaluate(model, new DataLoader(windows, { batchSize: 5000 }));
  return loss;
}

/** The vector of each symbol, for `embeddingMap`. */
export function vectorsOf(model: MLP): { symbols: string[]; vectors: number[][] } {
  return {
    symbols: Array.from('.abcdefghijklmnopqrstuvwxyz'),
    vectors: model.embedding.weight.arraySync(),
  };
}
