// Causal attention and its gradients, beside those of wasm.
import { cast, div, maximum, type Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { onBoth, run } from './on-both.js';
import { hasNone } from './on-gpu.js';

/** Where texts begin: at the row's begin, everywhere, in between, and beyond what there is. */
const BEGINS: ((t: number) => number)[] = [
  () => 0,
  (t) => t,
  (t) => t - (t % 7),
  (t) => 2 * t - 5,
  (t) => (t < 40 ? 0 : 40),
];

const cases = [
  { B: 2, T: 7, heads: 4, kvHeads: 2, d: 5, begin: 3, rate: 0 },
  { B: 1, T: 17, heads: 3, kvHeads: 1, d: 16, begin: 2, rate: 0.3 },
  { B: 32, T: 67, heads: 2, kvHeads: 1, d: 12, begin: 4, rate: 0.1 }, // so many that blocks are larger
  { B: 1, T: 33, heads: 1, kvHeads: 1, d: 256, begin: 1, rate: 0 },
];

it.skipIf(hasNone).each(cases)(
  '$B x $T, $heads heads on $kvHeads of $d, begin $begin, rate $rate',
  async ({ B, T, heads, kvHeads, d, begin, rate }) => {
    const attrs = { heads, kvHeads, ...(rate === 0 ? {} : { rate, seed: 0xdeadbeef }) };
    const name = rate === 0 ? 'CausalAttention' : 'CausalAttentionDropout';
    const step = (starts: Tensor, counter: Tensor, qkv: Tensor, dy: Tensor): Tensor[] => {
      const inputs = { qkv, ...(rate === 0 ? { starts } : { starts, counter }) };
      const [y, sums] = run(name, inputs, attrs);
      return [y, sums, ...run(`${name}Grad`, { ...inputs, sums, dy }, attrs)];
    };
    const starts = Int32Array.from({ length: B * T }, (_, i) => BEGINS[begin](i % T));
    const width = (heads + 2 * kvHeads) * d;
    const feeds = [starts, Int32Array.of(41), [B, T, width], [B, T, heads * d]];
    expect((await onBoth(step, { feeds, shapes: [[B, T], []] })).off).toBeLessThan(1e-5);
  },
);

it.skipIf(hasNone)(
  'of queries, keys and values by themselves, with sums from elsewhere',
  async () => {
    const [B, T, heads, kvHeads, d] = [1, 19, 2, 1, 8];
    const attrs = { heads, kvHeads, rate: 0.3, seed: 7 };
    const step = (...[starts, counter, query, key, value, dy]: Tensor[]): Tensor[] => {
      const inputs = { query, key, value, starts, counter };
      const [y, sums] = run('SeparateAttentionDropout', inputs, attrs);
      const given = { ...inputs, sums: maximum(sums, -100), dy };
      return [y, ...run('SeparateAttentionDropoutGrad', given, attrs)];
    };
    const wide = [B, T, heads * d];
    const narrow = [B, T, kvHeads * d];
    const feeds = [new Int32Array(B * T), Int32Array.of(5), wide, narrow, narrow, wide];
    expect((await onBoth(step, { feeds, shapes: [[B, T], []] })).off).toBeLessThan(1e-5);
  },
);

it.skipIf(hasNone)('what is not finite reaches those alone that see it', async () => {
  // The shapes of a case above, whose kernels are compiled.
  const [B, T, heads, kvHeads, d] = [2, 7, 4, 2, 5];
  const attrs = { heads, kvHeads };
  const width = (heads + 2 * kvHeads) * d;
  const step = (...[starts, divisors, qkv, dy]: Tensor[]): Tensor[] => {
    const inputs = { qkv: div(qkv, cast(divisors, 'float32')), starts };
    const [y, sums] = run('CausalAttention', inputs, attrs);
    return [y, sums, ...run('CausalAttentionGrad', { ...inputs, sums, dy }, attrs)];
  };
  const starts = Int32Array.from({ length: B * T }, (_, i) => (i < T ? 0 : BEGINS[3](i % T)));
  /** Key and value of the first text's last position, and the second's last but two, which itself alone sees. */
  const isBad = (i: number): boolean =>
    i % width >= heads * d && [6, 11].includes(Math.floor(i / width));
  const divisors = Int32Array.from({ length: B * T * width }, (_, i) => (isBad(i) ? 0 : 1));
  const feeds = [starts, divisors, [B, T, width], [B, T, heads * d]];
  const shapes = [
    [B, T],
    [B, T, width],
  ];
  const { off, results } = await onBoth(step, { feeds, shapes });
  expect(off).toBeLessThan(1e-5);
  const rows = results[0].flatMap((x, i) =>
    Number.isFinite(x) ? [] : [Math.floor(i / (heads * d))],
  );
  expect([...new Set(rows)]).toEqual([6, 11]);
});

it.skipIf(hasNone)(
  'with keys that are kept, what is not finite behind a position has no effect',
  async () => {
    const [B, T, d] = [2, 5, 4];
    const attrs = { heads: 2, kvHeads: 1 };
    const step = (...[positions, divisors, query, rows]: Tensor[]): Tensor[] => {
      const keys = div(rows, cast(divisors, 'float32'));
      return run('CachedAttention', { query, keys, values: keys, positions }, attrs);
    };
    const positions = Int32Array.of(2, 4);
    const isBad = (i: number): boolean => [3, 4].includes(Math.floor(i / d));
    const divisors = Int32Array.from({ length: B * T * d }, (_, i) => (isBad(i) ? 0 : 1));
    const feeds = [positions, divisors, [B, 1, 2 * d], [B, T, d]];
    const shapes = [
      [B, 1],
      [B, T, d],
    ];
    const { off, results } = await onBoth(step, { feeds, shapes });
    expect(off).toBeLessThan(1e-5);
    expect(results[0].every(Number.isFinite)).toBe(true);
  },
);
