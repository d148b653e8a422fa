import {
  mul,
  range,
  reshape,
  sum,
  tanh,
  tensor2d,
  tidy,
  tile,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  drawTokens,
  Embedding,
  Linear,
  MLP,
  Module,
  nextTokenScores,
  sample,
  WaveNet,
} from '../src/index.js';
import type { DrawnToken, LanguageModel } from '../src/index.js';

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

const V = 9;

/** Vectors of tokens and of their positions, added up: as a GPT without layers. */
class Positions extends Module implements LanguageModel {
  readonly vocabSize = V;
  readonly contextSize = 8;
  readonly tokens: Embedding;
  readonly positions: Embedding;
  readonly head: Linear;

  constructor(generator: Generator) {
    super();
    this.tokens = new Embedding(V, 4, generator);
    this.positions = new Embedding(this.contextSize, 4, generator);
    this.head = new Linear(4, V, generator);
  }

  logits(tokens: Tensor2D): Tensor2D {
    const [B, T] = tokens.shape;
    const positions = this.positions.forward(
      tile(reshape(range(0, T, 1, 'int32'), [1, T]), [B, 1]),
    );
    const x = tanh(mul(this.tokens.forward(tokens), positions)); // [B, T, C]
    return this.head.forward(sum<Tensor2D>(x, 1)); // [B, V]
  }
}

/** A model that writes down the contexts it gets. */
function watched(probabilities: number[]): { model: LanguageModel; seen: number[][] } {
  const seen: number[][] = [];
  const model: LanguageModel = {
    ...fixed(probabilities, 3),
    logits(tokens) {
      seen.push([...tokens.dataSync()]);
      return fixed(probabilities).logits(tokens);
    },
  };
  return { model, seen };
}

describe('sample', () => {
  it('gives the same sequences for the same seed, and others for another', () => {
    const model = mlp();
    const first = sample(model, { count: 5, generator: seeded() });
    expect(sample(model, { count: 5, generator: seeded() })).toEqual(first);
    expect(sample(model, { count: 5, generator: Generator.seeded(8) })).not.toEqual(first);
  });
  it('tells of each token as it is drawn, with its probability by the model', () => {
    const probabilities = [0.25, 0.5, 0.2, 0.05];
    const told: DrawnToken[] = [];
    const drawn = sample(fixed(probabilities), {
      count: 3,
      generator: seeded(),
      prompt: [1],
      maxLength: 4,
      temperature: 0.5,
      topK: 3,
      onToken: (token) => told.push(token),
    });
    for (const [i, sequence] of drawn.entries()) {
      const tokens = told.filter((token) => token.sequence === i).map(({ token }) => token);
      const end = sequence.length < 4 ? [0] : [];
      expect(tokens).toEqual([...sequence.slice(1), ...end]);
    }
    for (const { token, logProbability } of told) {
      expectClose([logProbability], [Math.log(probabilities[token])], { absolute: 1e-6 });
    }
  });
  it('hands out tokens as they are drawn, with what chose them, until there are enough', async () => {
    const probabilities = [0.25, 0.5, 0.2, 0.05];
    const options = { count: 2, maxLength: 50 };
    const told: DrawnToken[] = [];
    sample(fixed(probabilities), { ...options, generator: seeded(), onToken: (t) => told.push(t) });
    const drawn = [...drawTokens(fixed(probabilities), { ...options, generator: seeded() })];
    expect(drawn).toEqual(told);
    for (const { token, u, probabilities: p } of drawn) {
      expectClose(p, probabilities, { absolute: 1e-6 });
      const below = p.slice(0, token).reduce((a, b) => a + b, 0);
      expect(u >= below && u < below + p[token]).toBe(true);
    }
    const model = mlp();
    await expectNoLeak(() => {
      for (const { sequence } of drawTokens(model, { generator: seeded() })) {
        expect(sequence).toBe(0);
        break;
      }
    });
    model.dispose();
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
    // Five standard deviations of a fraction of 0.5 among 15,000.
    expectClose(
      counts.map((n) => n / total),
      probabilities,
      { absolute: 0.02 },
    );
  });
  it('hands out short contexts as they are, and slides over a long one', () => {
    const { model, seen } = watched([0.001, 0.999]);
    expect(sample(model, { generator: seeded(), maxLength: 4 })).toEqual([[1, 1, 1, 1]]);
    expect(seen).toEqual([[0], [0, 1], [0, 1, 1], [1, 1, 1]]);
    seen.length = 0;
    const prompted = { generator: seeded(), prompt: [1], maxLength: 3 };
    expect(sample(model, prompted)).toEqual([[1, 1, 1]]);
    expect(seen).toEqual([[1], [1, 1]]);
  });
  it('fills a short context up for a model that says so', () => {
    const { model, seen } = watched([0.001, 0.999]);
    const padding: LanguageModel = { ...model, padsContexts: true };
    expect(sample(padding, { generator: seeded(), maxLength: 4 })).toEqual([[1, 1, 1, 1]]);
    expect(seen).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [0, 1, 1],
      [1, 1, 1],
    ]);
  });
  it('ends at the token that is named, or at none', () => {
    const { model, seen } = watched([0.999, 0.001, 0]);
    const options = { generator: seeded(), maxLength: 3, temperature: 0 };
    expect(sample(model, options)).toEqual([[]]);
    seen.length = 0;
    expect(sample(model, { ...options, endToken: 2 })).toEqual([[0, 0, 0]]);
    expect(seen).toEqual([[2], [2, 0], [2, 0, 0]]); // begun by what ends the sequence before
    expect(sample(model, { ...options, endToken: 'none' })).toEqual([[0, 0, 0]]);
    expect(sample(model, { ...options, endToken: 'none', prompt: [0, 2] })).toEqual([[0, 2, 0]]);
    expect(sample(fixed([0.1, 0.1, 0.8]), { ...options, endToken: 2, prompt: [1] })).toEqual([[1]]);
    expect(sample(mlp(), { ...options, endToken: 'none' })[0]).toHaveLength(3);
  });
  it('draws from learned positions what a loop over the last T tokens draws', () => {
    const model = new Positions(Generator.seeded(3));
    const prompt = [3, 1, 4];
    const tokens = [...prompt];
    while (tokens.length < 14) {
      const context = tokens.slice(-model.contextSize);
      const scores = tidy(() => model.logits(tensor2d([context], undefined, 'int32')).dataSync());
      tokens.push(scores.indexOf(Math.max(...scores)));
    }
    const options = { prompt, temperature: 0, maxLength: 14, endToken: 'none' } as const;
    expect(sample(model, { ...options, generator: seeded() })).toEqual([tokens]);
    expect(sample(model, { ...options, generator: seeded(), compile })).toEqual([tokens]);
    // The positions count: behind padding the same tokens have other scores.
    const padded: LanguageModel = {
      vocabSize: V,
      contextSize: model.contextSize,
      padsContexts: true,
      logits: (x) => model.logits(x),
      parameters: () => [],
    };
    const one = { rows: 1 };
    const [bare, filled] = [nextTokenScores(model, one), nextTokenScores(padded, one)];
    expect([...bare.read([prompt])]).not.toEqual([...filled.read([prompt])]);
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
  it('draws among the k likeliest, as often as the model says', () => {
    const model = fixed([0.1, 0.4, 0.1, 0.3, 0.1]);
    const drawn = sample(model, { count: 3000, generator: seeded(), topK: 2, maxLength: 1 }).flat();
    const share = drawn.filter((token) => token === 1).length / drawn.length;
    expect([...new Set(drawn)].sort((a, b) => a - b)).toEqual([1, 3]);
    expectClose(share, 4 / 7, { absolute: 0.045 }); // five standard deviations
    expect(sample(model, { generator: seeded(), topK: 1, maxLength: 3 })).toEqual([[1, 1, 1]]);
  });
  it('draws among the fewest likeliest that make up a fraction', () => {
    const drawn = (topP: number, more: object = {}): number[] => {
      const options = { count: 500, generator: seeded(), topP, maxLength: 1, ...more };
      const ends = sample(fixed([0.15, 0.4, 0.3, 0.1, 0.05]), options).map(([token = 0]) => token);
      return [...new Set(ends)].sort((a, b) => a - b);
    };
    expect(drawn(0.3)).toEqual([1]);
    expect(drawn(0.5)).toEqual([1, 2]);
    expect(drawn(0.8)).toEqual([0, 1, 2]);
    expect(drawn(1)).toEqual([0, 1, 2, 3, 4]);
    // The fraction is of what temperature and topK left.
    expect(drawn(0.5, { topK: 2 })).toEqual([1]);
    expect(drawn(0.55, { temperature: 3 })).toEqual([0, 1, 2]);
  });
  it('draws the same with and without a stream, compiled or not', () => {
    const wavenet = new WaveNet(
      { vocabSize: 27, channels: 8, depth: 2, blocks: 2, layerNorm: true },
      Generator.seeded(1),
    );
    const { vocabSize, contextSize } = wavenet;
    const uncached: LanguageModel = {
      vocabSize,
      contextSize,
      padsContexts: true,
      logits: (tokens) => wavenet.logits(tokens),
      parameters: () => [],
    };
    const options = { count: 40, prompt: [3, 1], maxLength: 12, temperature: 0.9, topP: 0.95 };
    const expected = sample(uncached, { ...options, generator: seeded() });
    expect(sample(wavenet, { ...options, generator: seeded() })).toEqual(expected);
    expect(sample(wavenet, { ...options, generator: seeded(), compile })).toEqual(expected);
    // Some go beyond the receptive field of 7, where a window moves and a stream continues.
    expect(expected.some(({ length }) => length > 9)).toBe(true);
    expect(new Set(expected.map(({ length }) => length)).size).toBeGreaterThan(3);
  });
  it('draws many in batches', () => {
    const model = fixed([0.5, 0.5]);
    const many = sample(model, { count: 1001, generator: seeded(), maxLength: 2 });
    expect(many).toHaveLength(1001);
    expect(sample(model, { count: 1, generator: seeded(), maxLength: 2 })).toEqual(
      many.slice(0, 1),
    );
  });
  it('leaves no tensor behind', async () => {
    const wavenet = new WaveNet({ vocabSize: 5, channels: 3, depth: 2 }, Generator.seeded(1));
    await expectNoLeak(() => sample(wavenet, { count: 3, generator: seeded(), maxLength: 5 }));
    const model = mlp();
    await expectNoLeak(() => sample(model, { count: 3, generator: seeded() }));
  });
  it.each<[object, string]>([
    [{ count: 0 }, 'sample: count must be a whole number of at least 1; got 0'],
    [{ temperature: -1 }, 'sample: temperature must be finite and not negative; got -1'],
    [{ prompt: [27] }, 'sample: prompt tokens must be from 1 to 26; got 27'],
    [{ prompt: [0] }, 'sample: prompt tokens must be from 1 to 26; got 0'],
    [{ endToken: 27 }, "sample: endToken must be from 0 to 26, or 'none'; got 27"],
    [{ endToken: NaN }, "sample: endToken must be from 0 to 26, or 'none'; got NaN"],
    [{ topK: 0 }, 'sample: topK must be a whole number of at least 1; got 0'],
    [{ topP: 0 }, 'sample: topP must be above 0 and at most 1; got 0'],
    [{ topP: 1.1 }, 'sample: topP must be above 0 and at most 1; got 1.1'],
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
    const narrow: LanguageModel = { ...model, vocabSize: 3 };
    expect(() => sample(narrow, { generator: seeded() })).toThrow(
      'nextTokenScores: the model must give 3 scores, its vocabSize, for each context; got 2 for 1',
    );
  });
});
