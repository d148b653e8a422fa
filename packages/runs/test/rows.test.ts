// A row's scores are the same whatever rows are beside it: threads may share them, and one codec's batches differ from another's.
import { nextTokenScores } from '@llm101/models';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultSettings, makeModel, modelConfigOf, modelNames } from '../src/index.js';

beforeAll(() => startBackend());

/** A context of up to so many tokens of 27. */
function context(random: Generator, most: number): number[] {
  const token = (below: number): number => Math.floor(random.nextDouble() * below);
  return Array.from({ length: token(most + 1) }, () => 1 + token(26));
}

describe.each(modelNames)('%s', (model) => {
  it.each([1, 5, 37, 100])('scores %i contexts at once as 200', (rows) => {
    const random = Generator.seeded(7);
    const settings = { ...defaultSettings, model, layerNorm: model === 'wavenet' };
    const network = makeModel(modelConfigOf(settings, 27), random);
    const contexts = Array.from({ length: 200 }, () => context(random, 12));
    const read = (most: number): Float32Array => {
      const scores = nextTokenScores(network, {
        rows: most,
        compile: (step, options) => compile(step, { ...options, relaxedSimd: false }),
      });
      const found = new Float32Array(contexts.length * 27);
      for (let first = 0; first < contexts.length; first += most) {
        const some = contexts.slice(first, first + most);
        found.set(scores.read(some).subarray(0, some.length * 27), first * 27);
      }
      scores.dispose();
      return found;
    };
    expect(read(rows)).toEqual(read(200));
    network.dispose();
  });
});
