import { splitLines } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { countParameters, sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import { embeddingMap } from '@llm101/report';
import { progressBar } from '@llm101/training/node';
import { startBackend } from '@llm101/wasm';
import { writeFileSync } from 'node:fs';
import { learn, lossOn, makeMLP, tokenizer, vectorsOf, type LearnOptions } from './mlp.js';

/**
 * Trains the lecture's network, draws its embedding and some names.
 *
 * @param source - a name of a data set, a file or a URL; a name of the letters a to z a line
 * @param picture - where the embedding is drawn, an SVG file; default: nowhere
 */
export async function run(
  source: string,
  { picture, ...options }: LearnOptions & { picture?: string | undefined } = {},
): Promise<void> {
  await startBackend();
  const names = splitLines((await loadText(source)).text);
  const model = makeMLP();
  console.log(countParameters(model), 'parameters');
  await learn(model, names, { ...options, listeners: [progressBar()] });
  console.log(`${(await lossOn(names, model)).toFixed(4)} nats a letter on all names`);
  if (picture !== undefined) writeFileSync(picture, await embeddingMap(vectorsOf(model)));
  const drawn = sample(model, { count: 5, generator: Generator.seeded(101), maxLength: 20 });
  console.log(drawn.map((tokens) => tokenizer.decode(tokens)).join(' '));
}
