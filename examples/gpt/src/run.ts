import { SequenceLoader, splitSequences } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { describe, sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import {
  adamw,
  decayMatrices,
  evaluate,
  everyPosition,
  InfiniteLoader,
  oneCycle,
  train,
} from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';
import { GPT } from './gpt.js';

const LEARNING_RATE = 0.003;

/**
 * Trains a GPT, measures it on the lines that it hasn't seen, and draws names from it.
 *
 * @param source - a name of a data set, a file or a URL; an example a line
 * @returns the loss on the held-out lines, in nats a character, and the names
 */
export async function run(source: string, maxSteps = 12_000) {
  const { description } = await startBackend();
  console.log(description);
  const { text } = await loadText(source);
  const split = splitSequences(text, { generator: Generator.seeded(101) });
  const longest = Math.max(split.train.longest, split.test.longest);

  const generator = Generator.seeded(101);
  const sizes = { channels: 64, heads: 4, layers: 3, dropout: 0.1 };
  const { vocabSize } = split.tokenizer;
  const model = new GPT({ vocabSize, contextSize: longest, ...sizes }, generator);
  console.log(describe(model));

  const packedSize = Math.max(32, longest);
  const loader = new SequenceLoader(split.train, { packedSize, rows: 8, shuffle: true, generator });
  const trained = everyPosition(model);
  const groups = decayMatrices(model.parameters(), 0.05);
  const optimizer = adamw(groups, { learningRate: LEARNING_RATE, betas: [0.9, 0.99] });
  await train({
    model: trained,
    optimizer,
    batches: new InfiniteLoader(loader, { reshuffle: true }),
    maxSteps,
    schedule: oneCycle({ learningRate: LEARNING_RATE, steps: maxSteps, rise: 0.02 }),
    compile,
    listeners: [progressBar()],
  });
  optimizer.dispose();

  const validation = new SequenceLoader(split.test, { packedSize, rows: 64 });
  const { loss } = await evaluate(trained, validation, { compile });
  console.log(`${loss.toFixed(4)} nats a character on ${split.test.length} held-out lines`);
  const options = { count: 10, generator: Generator.seeded(101), maxLength: longest };
  const names = sample(model, options).map((tokens) => split.tokenizer.decode(tokens));
  console.log(names.join(' '));
  return { loss, names };
}
