import {
  CharTokenizer,
  DataLoader,
  NextTokenDataset,
  splitLines,
  trainTestSplit,
} from '@llm101/data';
import { CNN, MLP } from '@llm101/models';
import { Generator } from '@llm101/random';
import { evaluate, InfiniteLoader, sgd, train } from '@llm101/training';
import { compile } from '@llm101/wasm';

/** `.` is 0, before and behind each name; letters count from 1. */
export const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');

/** The lecture's networks: one product of all letters, and a tree of pairs of them. */
const networks = {
  mlp: (generator: Generator) =>
    new MLP({ vocabSize: 27, contextSize: 8, dEmbed: 16, dHidden: 64 }, generator),
  cnn: (generator: Generator) =>
    new CNN({ vocabSize: 27, contextSize: 16, dEmbed: 8, dHidden: 64 }, generator),
} as const satisfies Record<string, (generator: Generator) => MLP | CNN>;

/** What {@link learn} gives. */
export interface Learned {
  readonly model: MLP | CNN;
  /** Of each batch, in nats. */
  readonly losses: readonly number[];
  /** Their mean: the figure in the lecture's progress bar. */
  readonly runningLoss: number;
  /** On a tenth of the names. */
  readonly valLoss: number;
}

/** Trains one of the networks as the lecture does: batches of 32, shuffled once, plain gradient descent at a rate of 0.01. */
export async function learn(
  name: keyof typeof networks,
  text: string,
  maxSteps: number,
): Promise<Learned> {
  const options = { testSize: 0.1, generator: Generator.seeded(101) };
  const split = trainTestSplit(splitLines(text), options);
  const generator = Generator.seeded(101); // a fresh one: initial values, then the order of batches
  const model = networks[name](generator);
  const [training, validation] = [split.train, split.test].map(
    (part) => new NextTokenDataset(part, tokenizer, model.contextSize),
  );
  const losses: number[] = [];
  const { trainLoss } = await train({
    model,
    optimizer: sgd(model.parameters(), { learningRate: 0.01 }),
    batches: new InfiniteLoader(
      new DataLoader(training, { batchSize: 32, shuffle: true, generator }),
    ),
    maxSteps,
    compile,
    listeners: [(event) => event.type === 'step' && losses.push(event.batchLoss)],
  });
  const held = new DataLoader(validation, { batchSize: 1000 });
  const { loss } = await evaluate(model, held, { compile });
  return { model, losses, runningLoss: trainLoss, valLoss: loss };
}
