import { loadText } from '@llm101/data/node';
import { countParameters, sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { learn, tokenizer } from './learn.js';

/**
 * Trains both networks, one after the other, and draws names from each.
 *
 * @param source - a name of a data set, a file or a URL; a name of the letters a to z a line
 */
export async function run(source: string, maxSteps = 5000): Promise<void> {
  await startBackend();
  const { text } = await loadText(source);
  for (const name of ['mlp', 'cnn'] as const) {
    const { model, runningLoss, valLoss } = await learn(name, text, maxSteps);
    const losses = `${runningLoss.toFixed(4)} so far, ${valLoss.toFixed(4)} on new names`;
    console.log(`${name}: ${countParameters(model)} parameters, ${losses}`);
    const drawn = sample(model, { count: 5, generator: Generator.seeded(101), maxLength: 20 });
    console.log(drawn.map((tokens) => tokenizer.decode(tokens)).join(' '));
  }
}
