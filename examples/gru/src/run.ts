import { SequenceLoader, splitSequences } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { describe, sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import {
  adamw,
  cosineDecay,
  evaluate,
  everyPosition,
  InfiniteLoader,
  train,
  warmUp,
} from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';
import { GruModel } from './gru-model.js';

const LEARNING_RATE = 0.006;

/**
 * Trains a recurrent model, measures it on the lines that it hasn't seen, and draws names from it.
 *
 * @param source - a name of a data set, a file or a URL; an example a line
 * @returns the loss on the held-out lines, in nats a character, and the names
 */
export async function run(source: string, maxSteps = 5000) {
  const { description } = await startBackend();
  console.log(description);
  const { text } = await loadText(source);
  const split = splitSequences(text, { generator: Generator.seeded(101) });
  const { tokenizer } = split;
  const packedSize = Math.max(24, split.test.longest);

  const generator = Generator.seeded(101);
  const sizes = { vocabSize: tokenizer.vocabSize, dEmbed: 32, dHidden: 128, dropout: 0.25 };
  const model = new GruModel(sizes, generator);
  console.log(describe(model));

  const layout = { packedSize: Math.max(packedSize, split.train.longest), rows: 24 };
  const loader = new SequenceLoader(split.train, { ...layout, shuffle: true, generator });
  const trained = everyPosition(model);
  const optimizer = adamw(model.parameters(), { learningRate: LEARNING_RATE, betas: [0.9, 0.99] });
  await train({
    model: trained,
    optimizer,
    batches: new InfiniteLoader(loader, { reshuffle: true }),
    maxSteps,
    schedule: warmUp(100, cosineDecay({ learningRate: LEARNING_RATE, steps: maxSteps })),
    compile,
    listeners: [progressBar()],
  });
  optimizer.dispose();

  const validation = new SequenceLoader(split.test, { packedSize, rows: 64 });
  const { loss } = await evaluate(trained, validation, { compile });
  console.log(`${loss.toFixed(4)} nats a character on ${split.test.length} held-out lines`);
  const options = { count: 10, generator: Generator.seeded(101), maxLength: 30, compile };
  const names = sample(model, options).map((tokens) => tokenizer.decode(tokens));
  console.log(names.join(' '));
  return { loss, names };
}
