import { add, cast, mul, ones, sum, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { CNN, GPT, MLP, nextTokenScores, sample, WaveNet } from '../src/index.js';
import type { Compile, LanguageModel } from '../src/index.js';

beforeAll(() => startBackend());

const V = 6;
const seeded = (): Generator => Generator.seeded(7);
const sizes = { vocabSize: V, contextSize: 4, dEmbed: 3, dHidden: 8 };
const modern = {
  positions: 'rotary',
  norm: 'rms',
  activation: 'swiglu',
  kvHeads: 2,
  qkNorm: true,
  init: 'pytorch',
} as const;
const makers: [string, () => LanguageModel & { dispose(): void }][] = [
  ['MLP', () => new MLP(sizes, seeded())],
  ['CNN', () => new CNN(sizes, seeded())],
  ['WaveNet', () => new WaveNet({ vocabSize: V, channels: 4, depth: 2, blocks: 2 }, seeded())],
];
const gptSizes = { vocabSize: V, contextSize: 4, channels: 8, heads: 4, layers: 2 };
const gpts: [string, () => GPT][] = [
  ['GPT', () => new GPT({ ...gptSizes, init: 'pytorch' }, seeded())],
  ['modern GPT', () => new GPT({ ...gptSizes, ...modern, tiedHead: false }, seeded())],
];
makers.push([
  'GPT of separated texts',
  () => new GPT({ ...gptSizes, init: 'pytorch', separated: true }, seeded()),
]);
const plain: Compile = (step) => compile(step, { relaxedSimd: false });
/** Single precision, in another order for a stream. */
const ROUNDING = { absolute: 1e-5 };

/** What the model says of contexts that are padded to windows. */
function expected(model: LanguageModel, contexts: readonly (readonly number[])[]): number[] {
  const T = model.contextSize;
  const windows = contexts.map((context) => [...Array<number>(T).fill(0), ...context].slice(-T));
  return tidy(() => [...model.logits(tensor2d(windows, undefined, 'int32')).dataSync()]);
}

describe.each(makers)('nextTokenScores of %s', (_, make) => {
  it.each([
    ['as it is', undefined],
    ['compiled', plain],
  ])('is the model on padded windows, %s', (_how, how) => {
    const model = make();
    const contexts = [[], [1], [2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2], [5, 5], [4, 3, 2, 1]];
    const scores = nextTokenScores(model, { rows: 5, compile: how });
    expectClose(scores.read(contexts), expected(model, contexts), ROUNDING);
    expectClose(scores.read(contexts), expected(model, contexts), ROUNDING); // not one longer
    const others = contexts.toReversed();
    expectClose(scores.read(others), expected(model, others), ROUNDING);
    // Each grows by a token, but for one that begins again.
    for (const token of [1, 4, 2]) {
      for (const context of others) context.push(token);
      others[2].length = 0;
      expectClose(scores.read(others), expected(model, others), ROUNDING);
    }
    scores.dispose();
    model.dispose();
  });
  it('leaves out rows that are not needed, and takes them in again', () => {
    const model = make();
    const scores = nextTokenScores(model, { rows: 3, compile: plain });
    const [first, second] = [[1, 2], [3]];
    scores.read([first, second]);
    second.push(4);
    const alone = scores.read([undefined, second]).slice(V, 2 * V);
    expectClose(alone, expected(model, [second]), ROUNDING);
    first.push(5);
    second.push(5);
    const both = scores.read([first, second]).slice(0, 2 * V);
    expectClose(both, expected(model, [first, second]), ROUNDING);
    scores.dispose();
    model.dispose();
  });
  it('sees nothing before a token that the model does not know', () => {
    const model = make();
    const scores = nextTokenScores(model, { rows: 2 });
    const contexts = [
      [1, 2, V, 3],
      [4, V],
    ];
    expectClose(scores.read(contexts), expected(model, [[3], []]), ROUNDING);
    scores.dispose();
    model.dispose();
  });
  it('has the same bits in batches of any size', () => {
    const model = make();
    const contexts = Array.from({ length: 70 }, (_context, i) =>
      Array.from({ length: i % 9 }, (_token, t) => 1 + ((i + 3 * t) % (V - 1))),
    );
    const read = (rows: number, how?: Compile): number[] => {
      const scores = nextTokenScores(model, { rows, compile: how });
      const rowsOf = (first: number): number[] => {
        const batch = contexts.slice(first, first + rows);
        return [...scores.read(batch).subarray(0, batch.length * V)];
      };
      const found = Array.from({ length: Math.ceil(70 / rows) }, (_batch, i) => rowsOf(i * rows));
      scores.dispose();
      return found.flat();
    };
    const one = read(1, plain);
    for (const rows of [2, 7, 33, 70]) expect(read(rows, plain)).toEqual(one);
    expect(read(70)).toEqual(read(1));
    model.dispose();
  });
  it('compiles once, and leaves nothing behind', async () => {
    const model = make();
    const shapes = new Set<string>();
    const watched: Compile = (step) => {
      const compiled = plain(step);
      return {
        read(...inputs) {
          shapes.add(inputs.map(({ shape }) => shape.join()).join(' '));
          return compiled.read(...inputs);
        },
        dispose: () => compiled.dispose(),
      };
    };
    await expectNoLeak(() => {
      const scores = nextTokenScores(model, { rows: 40, compile: watched });
      const options = { count: 90, maxLength: 8 };
      const drawn = sample(model, { ...options, scores, generator: seeded() });
      expect(drawn).toEqual(sample(model, { ...options, generator: seeded() }));
      expect(drawn).toEqual(sample(model, { ...options, generator: seeded(), compile: plain }));
      scores.dispose();
    });
    // A GPT reads a token of each text, and where they have outgrown its context all that it sees.
    expect(shapes.size).toBe(model instanceof GPT ? 2 : 1);
    model.dispose();
  });
});

describe('nextTokenScores of a model that sees contexts as they are', () => {
  /** The sum of the tokens and their number, so that padding would count. */
  const model: LanguageModel = {
    vocabSize: V,
    contextSize: 3,
    parameters: () => [],
    logits(tokens) {
      const total = add(sum(cast(tokens, 'float32'), 1, true), 10 * tokens.shape[1]);
      return mul<Tensor2D>(total, ones([1, V]));
    },
  };
  it.each([
    ['as it is', undefined],
    ['compiled', plain],
  ])('scores each by its own length, %s', (_how, how) => {
    const scores = nextTokenScores(model, { rows: 6, compile: how });
    const contexts = [[1], [1, 2, 3, 4], undefined, [5, 5], [], [3, V, 2]];
    const read = (): number[] => [...scores.read(contexts)].filter((_score, i) => i % V === 0);
    expect(read().filter((_score, row) => row !== 2)).toEqual([11, 39, 30, 10, 12]);
    expect(read().filter((_score, row) => row !== 2)).toEqual([11, 39, 30, 10, 12]);
    expect(() => scores.read([...contexts, [1]])).toThrow('at most 6 contexts; got 7');
    scores.dispose();
  });
});

describe.each(gpts)('nextTokenScores of a %s', (_, make) => {
  /** What the model says of the end of each context as it is; of nothing, of token 0. */
  const expectedBare = (model: LanguageModel, contexts: readonly (readonly number[])[]): number[] =>
    contexts.flatMap((context) => {
      const seen = context.slice(context.findLastIndex((token) => token >= V) + 1).slice(-4);
      const row = seen.length === 0 ? [0] : seen;
      return tidy(() => [...model.logits(tensor2d([row], undefined, 'int32')).dataSync()]);
    });
  it.each([
    ['as it is', undefined],
    ['compiled', plain],
  ])('is that of each context at its own length, and of the last T tokens, %s', (_how, how) => {
    const model = make();
    const scores = nextTokenScores(model, { rows: 5, compile: how });
    const contexts = [[], [1], [2, 0, 3], [5, V, 0], [1, 2, 3, 4, 5, 0]];
    expectClose(scores.read(contexts), expectedBare(model, contexts), ROUNDING);
    for (const token of [1, 0, 2, 5, 3, V, 4]) {
      for (const context of contexts) context.push(token);
      expectClose(scores.read(contexts), expectedBare(model, contexts), ROUNDING);
    }
    contexts[0].length = 0;
    contexts[1] = [4, 4];
    expectClose(scores.read(contexts), expectedBare(model, contexts), ROUNDING);
    scores.dispose();
    model.dispose();
  });
  it('reads a prompt in one go, then a token at a time, within the context', () => {
    const model = make();
    const calls: string[] = [];
    const watched: Compile = (step) => {
      const compiled = plain(step);
      return {
        read(...inputs) {
          calls.push(inputs[0].shape.join(' x '));
          return compiled.read(...inputs);
        },
        dispose: () => compiled.dispose(),
      };
    };
    const options = {
      generator: seeded(),
      prompt: [1, 2],
      maxLength: 6,
      endToken: 'none',
    } as const;
    const [drawn] = sample(model, { ...options, compile: watched });
    expect(drawn).toHaveLength(6);
    expect(calls).toEqual(['1 x 2', '1', '1', '1 x 4']); // the last one sees four of five
    expect(sample(model, { ...options, generator: seeded() })).toEqual([drawn]);
    model.dispose();
  });
  it('reads windows where there are more rows than a stream may have', () => {
    const model = make();
    Object.defineProperty(model, 'streamRows', { value: 2, configurable: true });
    const contexts = [[1, 2], [3], [4, 5]];
    const scores = nextTokenScores(model, { rows: 3 });
    expectClose(scores.read(contexts), expectedBare(model, contexts), ROUNDING);
    const drawn = sample(model, { count: 5, generator: seeded(), maxLength: 9 });
    scores.dispose();
    Object.defineProperty(model, 'streamRows', { value: 10 });
    expect(sample(model, { count: 5, generator: seeded(), maxLength: 9 })).toEqual(drawn);
    model.dispose();
  });
  it('is compiled without a kernel that runs in JavaScript', () => {
    const model = make();
    const fallbacks: unknown[] = [];
    const watched: Compile = (step) => {
      const compiled = compile(step);
      return {
        read(...inputs) {
          const found = compiled.read(...inputs);
          fallbacks.push(compiled.program?.stats.fallbacks);
          return found;
        },
        dispose: () => compiled.dispose(),
      };
    };
    const options = { count: 3, generator: seeded(), prompt: [1, 2], maxLength: 6 };
    sample(model, { ...options, compile: watched, endToken: 'none' });
    expect(fallbacks).toEqual([{}, {}, {}, {}]);
    model.dispose();
  });
});

it('refuses no rows', () => {
  expect(() => nextTokenScores(new MLP(sizes, seeded()), { rows: 0 })).toThrow(
    'nextTokenScores: rows must be a whole number of at least 1; got 0',
  );
});
