// Attention against its scalar twin.
import { describe, expect, it } from 'vitest';
import {
  causalAttentionGradientReference,
  causalAttentionReference,
} from '../src/reference/causal-attention.js';
import { expectFloat, ULP } from './expect-float.js';
import { KernelMemory, someValues } from './kernel-memory.js';

/** Where texts begin: at the row's begin, everywhere, in between, and beyond what there is. */
const BEGINS: ((t: number) => number)[] = [() => 0, (t) => t, (t) => t - (t % 3), (t) => 2 * t - 5];

const cases = [
  { B: 1, T: 1, heads: 1, d: 1 },
  { B: 2, T: 5, heads: 1, d: 4 },
  { B: 1, T: 9, heads: 3, d: 3 },
  { B: 2, T: 7, heads: 2, d: 5 },
  { B: 1, T: 17, heads: 4, d: 16 },
].flatMap(({ B, T, heads, d }) => BEGINS.map((begin, i) => ({ B, T, heads, d, begin, i })));

describe.each(cases)('$B x $T, $heads heads of $d, starts $i', ({ begin, B, T, heads, d }) => {
  const C = heads * d;
  const qkv = someValues(B * T * 3 * C);
  const starts = Array.from({ length: B * T }, (_, i) => begin(i % T));
  const operands = { qkv, starts, B, T, heads, d };
  const exact = causalAttentionReference(operands);
  /** A score is a sum of d products up to 4 over √d; an exponential of it is as much off relatively, a result up to 2. */
  const bound = (8 + 4 * Math.sqrt(d) * (8 + d / 4) + T / 4) * 2 * ULP;

  it('gives what each position sees', () => {
    const memory = new KernelMemory();
    const [from, first] = [memory.put(qkv), memory.put(starts, 'int32')];
    const [y, sums, scratch] = [B * T * C, B * T * heads, T].map((n) => memory.room(n));
    const args = [from, first, y, sums, B, T, heads, d, scratch] as const;
    memory.kernels.functions.causalAttention(...args);
    for (const [i, actual] of memory.floats(y, B * T * C).entries()) {
      expectFloat(actual, exact.y[i], { absolute: bound }, `y ${i}`);
    }
    for (const [i, actual] of memory.floats(sums, B * T * heads).entries()) {
      expectFloat(actual, exact.sums[i], { absolute: bound }, `sum ${i}`);
    }
    memory.checkCanaries();
  });

  it('has a gradient', () => {
    const dy = someValues(B * T * C, 40);
    const wanted = causalAttentionGradientReference(operands, dy);
    const memory = new KernelMemory();
    const [from, first] = [memory.put(qkv), memory.put(starts, 'int32')];
    const [sums, by] = [memory.put(exact.sums), memory.put(dy)];
    const [to, scratch] = [B * T * 3 * C, 2 * T].map((n) => memory.room(n));
    const args = [from, first, sums, by, to, B, T, heads, d, scratch] as const;
    memory.kernels.functions.causalAttentionGradient(...args);
    for (const [i, actual] of memory.floats(to, B * T * 3 * C).entries()) {
      // Slopes are sums of d products up to 4; up to T positions add to a key's and a value's.
      expectFloat(actual, wanted[i], { absolute: bound * 4 * Math.sqrt(d) * Math.sqrt(T) }, `${i}`);
    }
    memory.checkCanaries();
  });
});

it('large scores give no NaN, and NaN stays with those that see it', () => {
  const [T, d] = [4, 4];
  const memory = new KernelMemory();
  const rows = Array.from({ length: T }, (_, t) => Array<number>(12).fill(t === 2 ? NaN : 1e18));
  const [from, first] = [memory.put(rows.flat()), memory.put([0, 1, 0, 3], 'int32')];
  const [y, sums, scratch] = [T * d, T, T].map((n) => memory.room(n));
  memory.kernels.functions.causalAttention(from, first, y, sums, 1, T, 1, d, scratch);
  const isNaN = memory.floats(y, T * d).map(Number.isNaN);
  expect(isNaN).toEqual(Array.from({ length: T * d }, (_, i) => i >= 8 && i < 12));
});
