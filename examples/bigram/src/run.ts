import { splitWindows } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { conditionalEntropy, jointDistribution } from '@llm101/info-theory';
import { sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import { evaluate, NextTokenCounts } from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { startBackend } from '@llm101/wasm';
import { byCounting, countPairs } from './by-counting.js';
import { byGradients } from './by-gradients.js';

/**
 * Makes the model by counting and by gradients from one text, and compares the two.
 *
 * @param source - a name of a data set, a file or a URL; an example a line
 */
export async function run(source: string): Promise<void> {
  await startBackend();
  const { text } = await loadText(source);
  const split = splitWindows(text, { contextSize: 1, generator: Generator.seeded(101) });
  const { tokenizer } = split;
  const validation = new NextTokenCounts(split.test, tokenizer.vocabSize);

  const counts = countPairs(split.train, tokenizer.vocabSize);
  const models = {
    counted: byCounting(counts),
    learned: await byGradients(counts, {
      generator: Generator.seeded(101),
      listeners: [progressBar()],
    }),
  };
  const least = conditionalEntropy(jointDistribution(counts));
  console.log(`the least loss on these counts: ${least.toFixed(4)} nats`);
  for (const [name, model] of Object.entries(models)) {
    const { loss } = await evaluate(model, validation);
    const drawn = sample(model, { count: 5, generator: Generator.seeded(101), maxLength: 20 });
    const names = drawn.map((tokens) => tokenizer.decode(tokens)).join(' ');
    console.log(`${name}: ${loss.toFixed(4)} nats on held-out lines; ${names}`);
  }
}
