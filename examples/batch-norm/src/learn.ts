import {
  CharTokenizer,
  DataLoader,
  NextTokenDataset,
  splitLines,
  trainTestSplit,
} from '@llm101/data';
import { Generator } from '@llm101/random';
import { evaluate, InfiniteLoader, sgd, train, type Trainable } from '@llm101/training';
import { compile } from '@llm101/wasm';

/** Windows of three letters: to learn from, and a tenth of the names to be tried on. */
export interface Windows {
  readonly training: NextTokenDataset;
  readonly validation: NextTokenDataset;
}

/** Splits the lines of a text. */
export function windowsOf(text: string): Windows {
  const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
  const generator = Generator.seeded(101);
  const split = trainTestSplit(splitLines(text), { testSize: 0.1, generator });
  return {
    training: new NextTokenDataset(split.train, tokenizer, 3),
    validation: new NextTokenDataset(split.test, tokenizer, 3),
  };
}

/** What {@link learn} is given. */
export interface LearnOptions extends Windows {
  /** Draws the order of the batches. */
  readonly generator: Generator;
  readonly steps: number;
  /** Default: 0.01. */
  readonly learningRate?: number;
}

/**
 * Trains by plain gradient descent.
 *
 * @returns the loss of each batch, and that on the validation, by batches of 32, in nats
 */
export async function learn(
  model: Trainable,
  { training, validation, generator, steps, learningRate = 0.01 }: LearnOptions,
): Promise<{ losses: number[]; valLoss: number }> {
  const losses: number[] = [];
  const loader = new DataLoader(training, { batchSize: 32, shuffle: true, generator });
  await train({
    model,
    optimizer: sgd(model.parameters(), { learningRate }),
    batches: new InfiniteLoader(loader),
    maxSteps: steps,
    compile,
    listeners: [(event) => event.type === 'step' && losses.push(event.batchLoss)],
  });
  const batches = new DataLoader(validation, { batchSize: 32 });
  const { loss } = await evaluate(model, batches, { compile });
  return { losses, valLoss: loss };
}
