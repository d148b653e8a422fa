// Attention against its scalar twin.
import { describe, expect, it } from 'vitest';
import {
  causalAttentionGradientReference,
  causalAttentionReference,
} from '../src/reference/causal-attention.js';
import { attentionGradientScratch, attentionScratch } from '../src/ops/attention-sizes.js';
import type { AttentionSizes } from '../src/ops/attention-sizes.js';
import { expectFloat, ULP } from './expect-float.js';
import { KernelMemory, someValues } from './kernel-memory.js';

/** Where texts begin: at the row's begin, everywhere, in between, and beyond what there is. */
const BEGINS: ((t: number) => number)[] = [() => 0, (t) => t, (t) => t - (t % 3), (t) => 2 * t - 5];

const RATES = [0, 0.3];

const cases = [
  { B: 1, T: 1, heads: 1, d: 1 },
  { B: 2, T: 5, heads: 1, d: 4 },
  { B: 1, T: 9, heads: 3, d: 3 },
  { B: 2, T: 7, heads: 2, d: 5 },
  { B: 1, T: 17, heads: 4, d: 16 },
  { B: 2, T: 67, heads: 1, d: 33 },
  { B: 1, T: 131, heads: 2, d: 8 },
  { B: 2, T: 9, heads: 4, kvHeads: 2, d: 4 },
  { B: 1, T: 7, heads: 3, kvHeads: 1, d: 5 },
  { B: 1, T: 70, heads: 6, kvHeads: 3, d: 16 },
].flatMap(({ B, T, heads, kvHeads = heads, d }) =>
  BEGINS.flatMap((begin, i) => RATES.map((rate) => ({ B, T, heads, kvHeads, d, begin, i, rate }))),
);

/** y and sums, once in a memory of their own. */
function attend(
  memory: KernelMemory,
  { qkv, starts, sizes, rate }: Given,
): { readonly y: number[]; readonly sums: number[] } {
  const [B, T, heads, , d] = sizes;
  const [from, first] = [memory.put(qkv), memory.put(starts, 'int32')];
  const counter = rate === 0 ? 0 : memory.put([COUNTER], 'int32');
  const counts = [B * T * heads * d, B * T * heads, attentionScratch(sizes) / 4];
  const [y, sums, scratch] = counts.map((n) => memory.room(n));
  const sources = sourcesAt(from, sizes);
  const to = [y, sums] as const;
  memory.kernels.functions.causalAttention(
    ...([...sources, first, counter, ...to, ...sizes, rate, SEED, scratch] as const),
  );
  return { y: memory.floats(y, counts[0]), sums: memory.floats(sums, counts[1]) };
}

/** Queries and their row, keys, values and theirs, side by side from an address on. */
function sourcesAt(at: number, [, , heads, kvHeads, d]: AttentionSizes) {
  const row = (heads + 2 * kvHeads) * d;
  return [at, row, at + heads * d * 4, at + (heads + kvHeads) * d * 4, row] as const;
}

interface Given {
  readonly qkv: number[];
  readonly starts: number[];
  readonly sizes: AttentionSizes;
  readonly rate: number;
}

const [COUNTER, SEED] = [41, 0xdeadbeef];

describe.each(cases)('$B x $T, $heads heads on $kvHeads of $d, starts $i, rate $rate', (given) => {
  const { begin, B, T, heads, kvHeads, d, rate } = given;
  const [C, width] = [heads * d, (heads + 2 * kvHeads) * d];
  const qkv = someValues(B * T * width);
  const starts = Array.from({ length: B * T }, (_, i) => begin(i % T));
  const dropout = rate === 0 ? {} : { dropout: { rate, seed: SEED, counter: COUNTER } };
  const operands = { qkv, starts, B, T, heads, kvHeads, d, ...dropout };
  const sizes: AttentionSizes = [B, T, heads, kvHeads, d];
  const exact = causalAttentionReference(operands);
  /** A score is a sum of d products up to 4 over √d; an exponential of it is as much off relatively, a result up to 2. */
  const bound = (8 + 4 * Math.sqrt(d) * (8 + d / 4) + T / 4) * 2 * ULP;

  it('gives what each position sees', () => {
    const memory = new KernelMemory();
    const { y, sums } = attend(memory, { qkv, starts, sizes, rate });
    for (const [i, actual] of y.entries()) {
      expectFloat(actual, exact.y[i], { absolute: bound }, `y ${i}`);
    }
    for (const [i, actual] of sums.entries()) {
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
    const counter = rate === 0 ? 0 : memory.put([COUNTER], 'int32');
    const counts = [B * T * width, attentionGradientScratch(sizes) / 4];
    const [to, scratch] = counts.map((n) => memory.room(n));
    const [dQuery, , dKey, dValue] = sourcesAt(to, sizes);
    const given = [...sourcesAt(from, sizes), first, counter, sums, by] as const;
    memory.kernels.functions.causalAttentionGradient(
      ...([...given, dQuery, dKey, dValue, ...sizes, rate, SEED, scratch] as const),
    );
    // Slopes are sums of d products up to 4; up to T positions of each head that shares them add to a key's and a value's.
    const absolute = bound * 4 * Math.sqrt(d) * Math.sqrt(T) * (heads / kvHeads);
    for (const [i, actual] of memory.floats(to, B * T * width).entries()) {
      expectFloat(actual, wanted[i], { absolute }, `${i}`);
    }
    memory.checkCanaries();
  });
});

it('large scores give no NaN, and NaN stays with those that see it', () => {
  const [T, d] = [4, 4];
  const rows = Array.from({ length: T }, (_, t) => Array<number>(12).fill(t === 2 ? NaN : 1e18));
  for (const starts of [
    [0, 1, 0, 3],
    [0, 0, 0, 3],
  ]) {
    const given = { qkv: rows.flat(), starts, sizes: [1, T, 1, 1, d] as const, rate: 0 };
    const isNaN = attend(new KernelMemory(), given).y.map(Number.isNaN);
    expect(isNaN).toEqual(Array.from({ length: T * d }, (_, i) => i >= 8 && i < 12));
  }
  const qkv = someValues(7 * 12); // what comes later isn't seen, though the same tile computes it
  const later = qkv.map((x, i) => (i >= 6 * 12 ? Infinity : x));
  const starts = Array<number>(7).fill(0);
  const sizes = [1, 7, 1, 1, d] as const;
  const [y, unseen] = [qkv, later].map((x) =>
    attend(new KernelMemory(), { qkv: x, starts, sizes, rate: 0 }).y.slice(0, 6 * d),
  );
  expect(unseen).toEqual(y);
});

it('a text has the same bytes alone, behind padding and behind another text, in any batch', () => {
  const [heads, d, T] = [2, 12, 75];
  const width = 3 * heads * d;
  const text = someValues(T * width);
  const other = someValues(T * width, 500);
  const of = (rows: number[][], begins: number[], B = 1): number[] => {
    const length = rows.length / B;
    const starts = rows.map((_, i) => begins.findLast((begin) => begin <= i % length) ?? 0);
    const sizes = [B, length, heads, heads, d] as const;
    return attend(new KernelMemory(), { qkv: rows.flat(), starts, sizes, rate: 0 }).y;
  };
  const rowsOf = (values: number[]): number[][] =>
    Array.from({ length: T }, (_, t) => values.slice(t * width, (t + 1) * width));
  const [ours, theirs] = [rowsOf(text), rowsOf(other)];
  const alone = of(ours, [0]);
  for (const before of [1, 2, 3, 7, 70]) {
    const behind = of([...theirs.slice(0, before), ...ours], [0, before]);
    expect(behind.slice(before * heads * d)).toEqual(alone);
  }
  expect(of([...theirs, ...ours], [0], 2).slice(alone.length)).toEqual(alone);
});
