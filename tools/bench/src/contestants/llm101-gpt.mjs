import { GPT } from '@examples/gpt';
import { loadStateDict } from '@llm101/models';
import { Generator } from '@llm101/random';
import { adamw, everyPosition, stepOf } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { loadTensors } from './tfjs-task.mjs';

const DROPOUT = 0.1;

/**
 * @param {Generator} generator
 * @param {number} dropout
 */
export function makeGpt(generator, dropout) {
  const sizes = { vocabSize: 27, contextSize: 32, channels: 64, heads: 4, layers: 3, dropout };
  return new GPT(sizes, generator);
}

/**
 * Ours: compared without dropout, measured with it.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
export async function start({ parameters, learningRate, batches: given }) {
  const { tfjsVersion } = await startBackend();
  const state = Object.entries(parameters).map(([key, { shape, data }]) => {
    return [key, { dtype: /** @type {const} */ ('F32'), shape, data }];
  });
  const [plain, thinned] = [0, DROPOUT].map((dropout) => {
    const model = makeGpt(Generator.seeded(0), dropout);
    loadStateDict(model, Object.fromEntries(state));
    const optimizer = adamw(model.parameters(), { learningRate });
    return compile(stepOf(everyPosition(model), optimizer), { rehearse: 'sometimes' });
  });
  const batches = loadTensors(given);
  return {
    what: `on tfjs ${tfjsVersion}, Node ${process.versions.node}`,
    step: (batch) => thinned(batches[batch].inputs, batches[batch].targets).dispose(),
    loss(batch) {
      const [value] = plain.read(batches[batch].inputs, batches[batch].targets);
      return value;
    },
  };
}
