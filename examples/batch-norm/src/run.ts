import { loadText } from '@llm101/data/node';
import { countParameters } from '@llm101/models';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { learn, windowsOf } from './learn.js';
import { Network, networks } from './network.js';

/**
 * Trains the lecture's five networks, one after the other.
 *
 * @param source - a name of a data set, a file or a URL; a name of the letters a to z a line
 */
export async function run(source: string, steps = 300): Promise<void> {
  await startBackend();
  const windows = windowsOf((await loadText(source)).text);
  for (const [name, parts] of Object.entries(networks)) {
    const generator = Generator.seeded(101);
    const model = new Network(parts, generator);
    const { losses, valLoss } = await learn(model, { ...windows, generator, steps });
    const count = countParameters(model);
    const loss = `${losses[0].toFixed(4)} at first, ${valLoss.toFixed(4)} on new names`;
    console.log(`${name}: ${count} parameters, ${loss}`);
  }
}
