// The GPT in its settings, against PyTorch's scores and gradients (fixtures/gpt.json) and against central differences.
import { keep, mul, sum, tensor, tensor2d, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak, numericGradient } from '@tools/testing';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { countParameters, describe as outline, GPT, gptParameterCount } from '../src/index.js';
import type { GPTConfig } from '../src/index.js';
import { BACKENDS, useBackend, wave, type Figure } from './figures.js';

const figures = JSON.parse(
  readFileSync(new URL('fixtures/gpt.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, Figure>>>>;

const sizes = { vocabSize: 7, contextSize: 6, channels: 8, heads: 4, layers: 2, hidden: 10 };
const ROWS = [
  [0, 3, 1, 6, 2, 2],
  [5, 4, 0, 1, 1, 5],
];
const modern = { positions: 'rotary', norm: 'rms', activation: 'swiglu', bias: false } as const;
const course = { projections: 'separate', tiedHead: false, init: 'pytorch' } as const;
const kinds: readonly (readonly [name: string, parts: Partial<GPTConfig>])[] = [
  ["nanoGPT's", { bias: false }],
  ["GPT-2's", { activation: 'gelu-tanh' }],
  ["the course's", { ...course, bias: { feedForward: true, norm: true } }],
  ["lecture 7's", { ...course, bias: { feedForward: true, norm: true, head: true } }],
  ["Llama's", { ...modern, projections: 'separate', kvHeads: 2, tiedHead: false }],
  ['joint, with rotary positions', { ...modern, kvHeads: 1, qkNorm: true }],
  [
    'QK-normed, with squared ReLU',
    { qkNorm: true, activation: 'squared-relu', norm: 'rms', bias: false, init: 'pytorch' },
  ],
];
const make = (parts: Partial<GPTConfig> = {}): GPT =>
  new GPT({ ...sizes, ...parts }, Generator.seeded(101));
const tokensOf = (...rows: number[][]): Tensor2D => tensor2d(rows, undefined, 'int32');
const scores = (model: GPT, ...rows: number[][]): Float32Array =>
  tidy(() => model.sequenceLogits(tokensOf(...rows)).dataSync<'float32'>());
const loss = (y: Tensor): Scalar => sum(mul(y, wave(y.shape, Math.cos, 5)));

/** The same sums of float32 products, in another order at most. */
const SAME = { absolute: 1e-6, relative: 1e-5 };
/** Norms of almost equal numbers, as they are at first, multiply such differences. */
const PYTORCH = { absolute: 2e-5, relative: 2e-5 };

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(kinds)("%s has PyTorch's names, scores and gradients", (name, parts) => {
    const model = make(parts);
    const found = new Map<string, Tensor>();
    const { grads } = variableGrads(() => {
      const y = model.sequenceLogits(tokensOf(...ROWS));
      found.set('output', keep(y));
      return loss(y);
    }, model.parameters());
    for (const [key, v] of model.namedParameters()) found.set(`grad.${key}`, grads[v.name]);
    expect([...found.keys()]).toEqual(Object.keys(figures[name]));
    for (const [key, figure] of Object.entries(figures[name])) {
      expect(found.get(key)?.shape, key).toEqual(figure.shape);
      expectClose(found.get(key)?.dataSync() ?? [], figure.values, PYTORCH);
    }
  });
});

describe.each(kinds)('%s', (_, parts) => {
  beforeAll(() => startBackend());

  it('has the gradients of central differences', () => {
    const model = make({ ...parts, init: 'pytorch', layers: 1 });
    const tokens = tokensOf(...ROWS);
    const valueOf = (): Scalar => loss(model.sequenceLogits(tokens));
    const { grads } = variableGrads(valueOf, model.parameters());
    for (const parameter of model.parameters()) {
      const values = Float32Array.from(parameter.dataSync());
      const valueAt = (at: Float32Array): number => {
        tidy(() => parameter.assign(tensor(at.slice(), parameter.shape)));
        return tidy(() => valueOf().dataSync()[0]);
      };
      // Two steps, of which Richardson's extrapolation leaves an error of the fourth order.
      const [fine, coarse] = [0.01, 0.02].map((h) => numericGradient(valueAt, values, h));
      const numeric = fine.map((value, i) => (4 * value - coarse[i]) / 3);
      tidy(() => parameter.assign(tensor(values, parameter.shape)));
      const largest = numeric.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      // float32 rounds the loss, and with it a difference over such a step, by some thousandth of the largest ones.
      expectClose(grads[parameter.name].dataSync(), numeric, { absolute: 5e-3 * largest + 1e-3 });
    }
  });

  it.each([false, true])(
    'is compiled without a kernel that runs in JavaScript, with the same scores and gradients; separated: %s',
    (separated) => {
      for (const dropout of [0, 0.2]) {
        const model = make({ ...parts, separated, dropout });
        const mode = dropout === 0 ? 'evaluation' : 'training';
        const gradientsOf = (tokens: Tensor2D): Tensor[] => {
          const valueOf = (): Scalar => loss(model.sequenceLogits(tokens, mode));
          const { value, grads } = variableGrads(valueOf, model.parameters());
          return [value, ...model.parameters().map(({ name }) => grads[name])];
        };
        const compiled = compile(gradientsOf);
        const read = (f: typeof gradientsOf): ArrayLike<number>[] => {
          for (const counter of model.namedCounters().values()) {
            tidy(() => counter.assign(tensor(3, [], 'int32')));
          }
          return tidy(() => f(tokensOf(...ROWS)).map((tensor) => tensor.dataSync()));
        };
        const plain = read(gradientsOf);
        const found = read(compiled);
        for (const [i, values] of found.entries()) expectClose(values, plain[i], SAME);
        expect(compiled.program?.stats.fallbacks).toEqual({});
        compiled.dispose();
        model.dispose();
      }
    },
  );

  it('has as many parameters as said', () => {
    for (const tiedHead of [true, false]) {
      const bias = parts.bias === undefined || tiedHead ? false : parts.bias;
      const config = { ...sizes, ...parts, tiedHead, bias };
      expect(gptParameterCount(config)).toBe(countParameters(make(config)));
    }
    expect(gptParameterCount({ ...sizes, ...parts })).toBe(countParameters(make(parts)));
  });

  it('sees nothing that comes later, and all that came before', () => {
    const model = make({ ...parts, init: 'pytorch' });
    const row = ROWS[0];
    const before = scores(model, row);
    const seenFrom = row.map((_, i) => {
      const other = row.map((token, t) => (t === i ? (token + 1) % 7 : token));
      const after = scores(model, other);
      return row.flatMap((_, t) =>
        after.subarray(t * 7, t * 7 + 7).some((value, v) => value !== before[t * 7 + v]) ? [t] : [],
      );
    });
    expect(seenFrom).toEqual(row.map((_, i) => row.map((_, t) => t).slice(i)));
  });

  it('scores a shorter row as the beginning of a longer one, and its end by logits', () => {
    const model = make(parts);
    const all = scores(model, ...ROWS);
    for (const length of [1, 4]) {
      const short = ROWS.map((row) => row.slice(0, length));
      const found = scores(model, ...short);
      for (const [b] of ROWS.entries()) {
        const wanted = all.subarray(b * 42, b * 42 + length * 7);
        expectClose(found.subarray(b * length * 7, (b + 1) * length * 7), wanted, SAME);
      }
      const last = tidy(() => model.logits(tokensOf(...short)).dataSync<'float32'>());
      const ends = ROWS.flatMap((_, b) =>
        [...found.subarray(((b + 1) * length - 1) * 7)].slice(0, 7),
      );
      expectClose(last, ends, SAME);
    }
  });

  it('begins again at token 0 where texts are separated', () => {
    const model = make({ ...parts, separated: true });
    const text = [0, 3, 1, 6];
    const alone = scores(model, text);
    for (const before of [[0, 0], [0, 5, 5, 2], [2]]) {
      expectClose(scores(model, [...before, ...text]).subarray(before.length * 7), alone, SAME);
    }
    expect(model.padsContexts).toBe(true);
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(() => {
      const model = make({ ...parts, dropout: 0.1 });
      tidy(() => void model.sequenceLogits(tokensOf(...ROWS), 'training'));
      model.dispose();
    });
  });
});

describe('GPT', () => {
  beforeAll(() => startBackend());

  it('leaves values out where it is said, in training alone', () => {
    const places = ['embedding', 'attention', 'residual', 'feedForward'] as const;
    const names = {
      embedding: ['transformer.drop'],
      attention: ['transformer.h.0.attn.attn_dropout', 'transformer.h.1.attn.attn_dropout'],
      residual: ['transformer.h.0.attn.resid_dropout', 'transformer.h.1.attn.resid_dropout'],
      feedForward: ['transformer.h.0.mlp.dropout', 'transformer.h.1.mlp.dropout'],
    };
    const plain = scores(make(), ...ROWS);
    for (const place of places) {
      const model = make({ dropout: { [place]: 0.5 } });
      const counters = [...model.namedCounters().keys()];
      expect(counters).toEqual(names[place].map((name) => `${name}.counter`));
      expectClose(scores(model, ...ROWS), plain, SAME);
      const trained = tidy(() => model.sequenceLogits(tokensOf(...ROWS), 'training').dataSync());
      expect(trained.some((value, i) => Math.abs(value - plain[i]) > 1e-4)).toBe(true);
    }
  });

  it("describes itself as nanoGPT's does", () => {
    const model = make({ bias: false, layers: 1, dropout: { embedding: 0.1, residual: 0.2 } });
    expect(outline(model)).toBe(`GPT(
  (transformer): ModuleDict(
    (wte): Embedding(7, 8)
    (wpe): Embedding(6, 8)
    (drop): Dropout(p=0.1, inplace=False)
    (h): ModuleList(
      (0): GPTBlock(
        (ln_1): LayerNorm((8,), eps=1e-05, elementwise_affine=True, bias=False)
        (attn): GPTAttention(
          (c_attn): Linear(in_features=8, out_features=24, bias=False)
          (c_proj): Linear(in_features=8, out_features=8, bias=False)
          (resid_dropout): Dropout(p=0.2, inplace=False)
        )
        (ln_2): LayerNorm((8,), eps=1e-05, elementwise_affine=True, bias=False)
        (mlp): GPTFeedForward(
          (c_fc): Linear(in_features=8, out_features=10, bias=False)
          (c_proj): Linear(in_features=10, out_features=8, bias=False)
        )
      )
    )
    (ln_f): LayerNorm((8,), eps=1e-05, elementwise_affine=True, bias=False)
  )
)
Number of parameters: 544`);
  });

  it('counts the parameters of published ones', () => {
    const nano = {
      vocabSize: 65,
      contextSize: 64,
      channels: 128,
      heads: 4,
      layers: 4,
      bias: false,
    };
    expect(gptParameterCount(nano)).toBe(804_096);
    const gpt2 = { vocabSize: 50_257, contextSize: 1024, channels: 768, heads: 12, layers: 12 };
    expect(gptParameterCount(gpt2)).toBe(124_439_808);
    const tinyLlama = {
      vocabSize: 32_000,
      contextSize: 2048,
      channels: 2048,
      heads: 32,
      layers: 22,
    };
    const parts = { ...modern, kvHeads: 4, hidden: 5632, tiedHead: false };
    expect(gptParameterCount({ ...tinyLlama, ...parts })).toBe(1_100_048_384);
  });

  it.each<[Partial<GPTConfig>, string]>([
    [{ layers: 0 }, 'GPT: layers must be a whole number of at least 1; got 0'],
    [{ heads: 3 }, 'GPT: heads must divide the 8 channels; got 3'],
    [{ kvHeads: 3 }, 'GPT: kvHeads must divide the 4 heads; got 3'],
    [
      { heads: 8, positions: 'rotary' },
      'GPT: with rotary positions a head must have an even number of channels; got 1',
    ],
    [{ bias: { head: true } }, "GPT: a head with a bias can't be tied; set tiedHead to false"],
    [{ dropout: { attention: 1 } }, 'Dropout: rate must be from 0 to below 1; got 1'],
  ])('refuses %o', (parts, message) => {
    expect(() => make(parts)).toThrow(new RangeError(message));
  });

  it('refuses a word that it does not know', () => {
    const norm = 'batch' as 'layer';
    expect(() => make({ norm })).toThrow(
      new RangeError('GPT: norm must be layer or rms; got batch'),
    );
  });

  it('refuses rows that are longer than its context, and texts where they are separated', () => {
    const long = [0, 1, 1, 1, 1, 1, 1];
    const message = 'GPT: tokens must have shape [B, T] with T up to 6; got [1, 7]';
    expect(() => scores(make(), long)).toThrow(new RangeError(message));
    expect(() => scores(make({ ...modern }), long)).toThrow(new RangeError(message));
    for (const parts of [{}, modern]) {
      const model = make({ ...parts, separated: true });
      expect(() => scores(model, long)).toThrow('index value 6 is not in');
      expect(() => scores(model, [0, 1, 1, 1, 0, 1, 1])).not.toThrow();
    }
  });
});
