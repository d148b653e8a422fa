import { ArrayDataset, CharTokenizer, DataLoader, trainTestSplit } from '@llm101/data';
import { Generator } from '@llm101/random';
import { evaluate, everyPosition, InfiniteLoader, sgd, train } from '@llm101/training';
import { compile } from '@llm101/wasm';
import type { SequenceModel } from '@llm101/training';

/** T: how many letters the lecture's GPT sees. */
const CONTEXT = 12;

/** Stretches of 12 letters of names, each with the 12 that follow; names of fewer letters have none, as in the lecture. */
export function stretchesOf(names: readonly string[]): ArrayDataset {
  const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
  const inputs: number[] = [];
  const targets: number[] = [];
  for (const name of names) {
    const tokens = [...tokenizer.encode(name), 0];
    for (let i = 0; i + CONTEXT < tokens.length; i++) {
      inputs.push(...tokens.slice(i, i + CONTEXT)); // bounded: 12
      targets.push(...tokens.slice(i + 1, i + 1 + CONTEXT)); // bounded: 12
    }
  }
  return new ArrayDataset({
    contextSize: CONTEXT,
    inputs: Int32Array.from(inputs),
    targets: Int32Array.from(targets),
  });
}

/**
 * Trains as the lecture does: plain gradient descent at a rate of 0.01, a loss for each position.
 *
 * @returns the loss of each batch, and that on a tenth of the names, in nats
 */
export async function learn(
  model: SequenceModel,
  names: readonly string[],
  steps = 300,
): Promise<{ losses: number[]; valLoss: number }> {
  const split = trainTestSplit(names, { testSize: 0.1, generator: Generator.seeded(101) });
  const [training, validation] = [split.train, split.test].map((part) => stretchesOf(part));
  const generator = Generator.seeded(101);
  const losses: number[] = [];
  const scored = everyPosition(model);
  await train({
    model: scored,
    optimizer: sgd(model.parameters(), { learningRate: 0.01 }),
    batches: new InfiniteLoader(
      new DataLoader(training, { batchSize: 32, shuffle: true, generator }),
    ),
    maxSteps: steps,
    compile,
    listeners: [(event) => event.type === 'step' && losses.push(event.batchLoss)],
  });
  const { loss } = await evaluate(scored, new DataLoader(validation, { batchSize: 32 }));
  return { losses, valLoss: loss };
}
