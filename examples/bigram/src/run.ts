import { splitLines } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { Bigram, sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import { bigramMap } from '@llm101/report';
import { startBackend } from '@llm101/wasm';
import { writeFileSync } from 'node:fs';
import { countPairs, lossOn, tokenizer } from './counting.js';
import { learn, OneHotBigram } from './gradients.js';

/**
 * Makes the model by counting and by gradients, and compares the two.
 *
 * @param source - a name of a data set, a file or a URL; a name of the letters a to z a line
 * @param picture - where the table of counts is drawn, an SVG file; default: nowhere
 */
export async function run(source: string, picture?: string): Promise<void> {
  await startBackend();
  const names = splitLines((await loadText(source)).text);
  const counts = countPairs(names);
  if (picture !== undefined) {
    const symbols = Array.from('.abcdefghijklmnopqrstuvwxyz');
    writeFileSync(picture, await bigramMap({ symbols, counts }));
  }
  const counted = Bigram.fromCounts(counts);
  const learned = new OneHotBigram(Generator.seeded(101));
  const losses = await learn(learned, counts);
  console.log(`counted: ${(await lossOn(names, counted)).toFixed(4)} nats`);
  console.log(`learned: ${losses[0].toFixed(4)} before, ${losses.at(-1)?.toFixed(4)} at step 100`);
  for (const [how, model] of Object.entries({ counted, learned })) {
    const drawn = sample(model, { count: 5, generator: Generator.seeded(101), maxLength: 20 });
    console.log(`${how}: ${drawn.map((tokens) => tokenizer.decode(tokens)).join(' ')}`);
  }
}
