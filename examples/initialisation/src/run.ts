import { splitLines } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { Generator } from '@llm101/random';
import { histogramChart } from '@llm101/report';
import { histogramEdges } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { batchesOf, learn, lookInside, splitByPosition } from './learn.js';
import { Network, scales } from './network.js';

/**
 * Trains the network from each of the four beginnings, and says what each looks like inside.
 *
 * @param source - a name of a data set, a file or a URL; a name of the letters a to z a line
 * @param folder - where the activations are drawn, an SVG file for each beginning; default: nowhere
 */
export async function run(
  source: string,
  { folder, steps = 300 }: { folder?: string | undefined; steps?: number } = {},
): Promise<void> {
  await startBackend();
  const { training, validation } = splitByPosition(splitLines((await loadText(source)).text));
  for (const [name, scale] of Object.entries(scales)) {
    const generator = Generator.seeded(101);
    const model = new Network(scale, generator);
    const [first] = batchesOf(training, Generator.fromState(generator.state()));
    const { hidden } = lookInside(model, first);
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true });
      const { counts } = hidden.values;
      const series = [{ name, counts, edges: histogramEdges(hidden.values) }];
      const svg = await histogramChart({ label: `What tanh gives: ${name}`, series });
      writeFileSync(join(folder, `${name}.svg`), svg);
    }
    const batches = batchesOf(training, generator);
    const { losses, valLoss } = await learn(model, { batches, validation, steps });
    const share = `${(100 * (hidden.saturated ?? 0)).toFixed(1)} % saturated`;
    console.log(
      `${name}: ${share}, ${losses[0].toFixed(4)} at first, ${valLoss.toFixed(4)} in the end`,
    );
  }
}
