import { CharTokenizer, NextTokenDataset, splitLines, trainTestSplit } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { conditionalEntropy, jointDistribution } from '@llm101/info-theory';
import { sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import { evaluate, NextTokenCounts } from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { startBackend } from '@llm101/wasm';
import { byCounting } from './by-counting.js';
import { byGradients } from './by-gradients.js';
import { countPairs } from './count-pairs.js';

/**
 * Makes the model both ways from one text and compares them.
 *
 * @param source - a name of a data set, a file or a URL; an example a line
 */
export async function run(source: string): Promise<void> {
  await startBackend();
  const { text } = await loadText(source);
  const lines = splitLines(text);
  const tokenizer = CharTokenizer.fromText(lines);
  const split = trainTestSplit(lines, { testSize: 0.1, generator: Generator.seeded(101) });
  const pairs = new NextTokenDataset(split.train, tokenizer, 1);
  const held = new NextTokenCounts(
    new NextTokenDataset(split.test, tokenizer, 1),
    tokenizer.vocabSize,
  );

  const counts = countPairs(pairs, tokenizer.vocabSize);
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
    const { loss } = await evaluate(model, held);
    const drawn = sample(model, { count: 5, generator: Generator.seeded(101), maxLength: 20 });
    const names = drawn.map((tokens) => tokenizer.decode(tokens)).join(' ');
    console.log(`${name}: ${loss.toFixed(4)} nats on held-out lines; ${names}`);
  }
}
