import { DataLoader, RandomLoader, splitBlocks } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { countParameters, Megabyte, sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import {
  adamw,
  cosineDecay,
  evaluate,
  everyPosition,
  InfiniteLoader,
  train,
} from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';

/** T and P: patches of four, as the course's. */
const [CONTEXT, PATCH] = [64, 4];

/**
 * Trains a MEGABYTE on a text, read as one, line ends included, and writes some.
 *
 * @param source - a name of a data set, a file or a URL
 * @returns the loss on the last tenth of the text, in nats a character
 */
export async function run(source: string, maxSteps = 2000): Promise<number> {
  await startBackend();
  const { text } = await loadText(source);
  const blocks = splitBlocks(text, { contextSize: CONTEXT });
  const { tokenizer } = blocks;

  const generator = Generator.seeded(101);
  const sizes = { vocabSize: tokenizer.vocabSize, patchSize: PATCH, patches: CONTEXT / PATCH };
  const megabyte = new Megabyte(
    { ...sizes, channels: 32, global: { layers: 2, heads: 4 }, local: { layers: 2, heads: 4 } },
    generator,
  );
  console.log(countParameters(megabyte), 'parameters');
  const model = everyPosition(megabyte);
  await train({
    model,
    optimizer: adamw(megabyte.parameters(), { learningRate: 0.002 }),
    batches: new InfiniteLoader(new RandomLoader(blocks.train, { batchSize: 16, generator })),
    schedule: cosineDecay({ learningRate: 0.002, steps: maxSteps }),
    maxSteps,
    compile,
    listeners: [progressBar()],
  });
  const held = new DataLoader(blocks.test, { batchSize: 64 });
  const { loss } = await evaluate(model, held, { compile });
  console.log(`${loss.toFixed(4)} nats a character on the last tenth`);
  const [drawn] = sample(megabyte, {
    generator: Generator.seeded(101),
    prompt: tokenizer.encode('\n'),
    endToken: 'none',
    maxLength: CONTEXT,
    compile,
  });
  console.log(tokenizer.decode(drawn).trim());
  return loss;
}
