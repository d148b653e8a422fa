// Causal attention and its gradients, beside those of wasm.
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { onBoth, run } from './on-both.js';

/** Where texts begin: at the row's begin, everywhere, in between, and beyond what there is. */
const BEGINS: ((t: number) => number)[] = [
  () => 0,
  (t) => t,
  (t) => t - (t % 7),
  (t) => 2 * t - 5,
  (t) => (t < 40 ? 0 : 40),
];

const cases = [
  { B: 1, T: 1, heads: 1, d: 1, begin: 0 },
  { B: 2, T: 7, heads: 4, kvHeads: 2, d: 5, begin: 3 },
  { B: 1, T: 17, heads: 3, kvHeads: 1, d: 16, begin: 2, rate: 0.3 },
  { B: 2, T: 33, heads: 1, d: 36, begin: 1 },
  { B: 1, T: 67, heads: 2, d: 8, begin: 4, rate: 0.3 },
  { B: 1, T: 35, heads: 1, d: 256, begin: 0 },
  { B: 64, T: 65, heads: 1, d: 3, begin: 4 },
];

it.each(cases)(
  '$B x $T, $heads heads on $kvHeads of $d, begin $begin, rate $rate',
  async ({ B, T, heads, kvHeads = heads, d, begin, rate }) => {
    const attrs = { heads, kvHeads, ...(rate === undefined ? {} : { rate, seed: 0xdeadbeef }) };
    const suffix = rate === undefined ? '' : 'Dropout';
    const step = (starts: Tensor, counter: Tensor, qkv: Tensor): Tensor[] => {
      const more = rate === undefined ? { starts } : { starts, counter };
      const inputs = { qkv, ...more };
      const [y, sums] = run(`CausalAttention${suffix}`, inputs, attrs);
      return [y, sums];
    };
    const starts = Int32Array.from({ length: B * T }, (_, i) => BEGINS[begin](i % T));
    const feeds = [starts, Int32Array.of(41), [B, T, (heads + 2 * kvHeads) * d]];
    expect((await onBoth(step, { feeds, shapes: [[B, T], []] })).off).toBeLessThan(2e-6);
  },
);
