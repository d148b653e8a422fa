import { tensor2d, tile, type Tensor2D } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { MLP, sample, type LanguageModel } from '../src/index.js';

beforeAll(() => startBackend());

/** A model that always has the same probabilities for the next token. */
const fixed = (probabilities: number[], contextSize = 3): LanguageModel => ({
  vocabSize: probabilities.length,
  contextSize,
  logits: (tokens: Tensor2D) => tile(tensor2d([probabilities.map(Math.log)]), [tokens.shape[0], 1]),
  parameters: () => [],
});
const seeded = (): Generator => Generator.seeded(7);
const mlp = (): MLP =>
  new MLP({ vocabSize: 27, contextSize: 4, dEmbed: 3, dHidden: 8 }, Generator.seeded(1));

describe('sample', () => {
  it('gives the same sequences for the same seed, and others for another', () => {
    const model = mlp();
    const first = sample(model, { count: 5, generator: seeded() });
    expect(sample(model, { count: 5, generator: seeded() })).toEqual(first);
    expect(sample(model, { count: 5, generator: Generator.seeded(8) })).not.toEqual(first);
  });
  it('gives sequence i whatever their number', () => {
    const model = mlp();
    const ten = sample(model, { count: 10, generator: seeded() });
    expect(sample(model, { count: 3, generator: seeded() })).toEqual(ten.slice(0, 3));
  });
  it('draws tokens as often as the model says', () => {
    const probabilities = [0.25, 0.5, 0.2, 0.05];
    const drawn = sample(fixed(probabilities), { count: 5000, generator: seeded() });
    const counts = [drawn.length, 0, 0, 0];
    for (const token of drawn.flat()) counts[token]++;
    const total = counts.reduce((a, b) => a + b);
    expect(total).toBeGreaterThan(15_000);
    // Five standard deviations of a share of 0.5 among 15,000.
    expectClose(
      counts.map((n) => n / total),
      probabilities,
      { absolute: 0.02 },
    );
  });
  it('pads a short context with zeros and slides over a long one', () => {
    const seen: number[][] = [];
    const model: LanguageModel = {
      ...fixed([0.001, 0.999], 3),
      logits(tokens) {
        seen.push([...tokens.dataSync()]);
        return tensor2d([[-1000, 0]]);
      },
    };
    expect(sample(model, { generator: seeded(), maxLength: 4 })).toEqual([[1, 1, 1, 1]]);
    expect(seen).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [0, 1, 1],
      [1, 1, 1],
    ]);
  });
  it('starts with the prompt', () => {
    const [sequence] = sample(mlp(), { generator: seeded(), prompt: [3, 1, 4] });
    expect(sequence.slice(0, 3)).toEqual([3, 1, 4]);
  });
  it('takes the likeliest at temperature 0', () => {
    const options = { generator: seeded(), temperature: 0, maxLength: 3 };
    expect(sample(fixed([0.3, 0.3, 0.4]), options)).toEqual([[2, 2, 2]]);
    expect(sample(fixed([0.4, 0.3, 0.3]), options)).toEqual([[]]);
  });
  it('sharpens below temperature 1 and flattens above', () => {
    const ends = (temperature: number): number =>
      sample(fixed([0.5, 0.3, 0.2]), { count: 2000, generator: seeded(), temperature }).filter(
        ({ length }) => length === 0,
      ).length / 2000;
    expectClose(ends(0.5), 0.25 / 0.38, { absolute: 0.05 }); // p² over Σp²
    expectClose(ends(1e6), 1 / 3, { absolute: 0.05 });
  });
  it('leaves no tensor behind', async () => {
    const model = mlp();
    await expectNoLeak(() => sample(model, { count: 3, generator: seeded() }));
  });
  it.each<[object, string]>([
    [{ count: 0 }, 'sample: count must be a whole number of at least 1; got 0'],
    [{ temperature: -1 }, 'sample: temperature must be finite and not negative; got -1'],
    [{ prompt: [27] }, 'sample: prompt tokens must be from 1 to 26; got 27'],
    [{ maxLength: 2.5 }, 'sample: maxLength must be a whole number of at least 1; got 2.5'],
  ])('refuses %o', (options, message) => {
    expect(() => sample(mlp(), { generator: seeded(), ...options })).toThrow(message);
  });
  it('says when the model has diverged', () => {
    const model: LanguageModel = {
      ...fixed([0.5, 0.5]),
      logits: () => tensor2d([[NaN, 0]]),
    };
    expect(() => sample(model, { generator: seeded() })).toThrow('sample: the model gives NaN');
  });
});
