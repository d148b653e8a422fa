// Attention over kept keys and values, and how they are kept, against scalar twins.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { cachedAttentionReference, writeRowsReference } from '../src/reference/cached-attention.js';
import { expectFloat, ULP } from './expect-float.js';
import { KernelMemory, someValues } from './kernel-memory.js';
import * as own from './own-kernels.js';
import { values } from './values.js';

beforeAll(async () => {
  await startBackend();
});

const cases = [
  { T: 1, heads: 1, kvHeads: 1, d: 1 },
  { T: 5, heads: 2, kvHeads: 2, d: 4 },
  { T: 9, heads: 4, kvHeads: 2, d: 7 },
  { T: 70, heads: 3, kvHeads: 1, d: 16 },
  { T: 600, heads: 1, kvHeads: 1, d: 33 },
];

it.each(cases)('$heads heads on $kvHeads of $d over up to $T positions', (sizes) => {
  const { T, heads, kvHeads, d } = sizes;
  const B = 4;
  const query = someValues(B * heads * d);
  const [keys, kept] = [10, 90].map((phase) => someValues(B * T * kvHeads * d, phase));
  const positions = [0, T - 1, T >> 1, T + 3]; // one beyond the last counts as that
  const exact = cachedAttentionReference({ query, keys, values: kept, positions, B, ...sizes });
  const memory = new KernelMemory();
  const from = [query, keys, kept].map((x) => memory.put(x)) as [number, number, number];
  const [y, scratch] = [memory.room(query.length), memory.room(T + d)];
  const places = memory.put(positions, 'int32');
  memory.kernels.functions.cachedAttention(...from, places, y, B, T, heads, kvHeads, d, scratch);
  for (const [i, actual] of memory.floats(y, query.length).entries()) {
    // As of attention of all positions: a score is a sum of d products, an exponential as much off relatively.
    const bound = (8 + 4 * Math.sqrt(d) * (8 + d / 4) + T / 4) * 2 * ULP;
    expectFloat(actual, exact[i], { absolute: bound }, `y ${i}`);
  }
  memory.checkCanaries();
});

describe('rows are written', () => {
  const [B, T, width] = [2, 5, 3];
  const x = someValues(B * T * width);
  const rows = someValues(B * 3 * width, 30);
  const positions = [0, 0, 4, -1, 2, 5]; // twice to one, before the first, behind the last

  it('at their positions, in order', () => {
    const memory = new KernelMemory();
    const to = memory.put(x);
    const places = memory.put(positions, 'int32');
    memory.kernels.functions.writeRows(memory.put(rows), places, to, B, 3, T, width * 4);
    const sizes = { B, T, width };
    expect(memory.floats(to, x.length)).toEqual(writeRowsReference(x, rows, positions, sizes));
    memory.checkCanaries();
  });

  it('into a variable in place by a compiled step, at a position that changes', () => {
    const kept = tf.tidy(() => tf.variable(tf.zeros([1, T, width]), false, undefined, 'float32'));
    const step = compile((row: tf.Tensor, position: tf.Tensor) => {
      kept.assign(own.writeRows(kept, row, position));
      return own.cachedAttention({ query: row, keys: kept, values: kept, positions: position });
    });
    const [all, starts] = [Array.from(values(T * width)), tf.zeros([1, T], 'int32')];
    const rowAt = (t: number): number[] => all.slice(t * width, (t + 1) * width);
    const whole = tf.tidy(() => {
      const parts = tf.tensor3d(all, [1, T, width]);
      const qkv = tf.concat([parts, parts, parts], 2);
      return own.causalAttention(qkv, starts, 1)[0].dataSync();
    });
    for (let t = 0; t < T; t++) {
      const y = tf.tidy(() =>
        step(tf.tensor3d(rowAt(t), [1, 1, width]), tf.tensor2d([t], [1, 1], 'int32')).dataSync(),
      );
      for (const [j, actual] of y.entries()) {
        expectFloat(actual, whole[t * width + j], { absolute: 8 * ULP }, `${t}, ${j}`);
      }
    }
    expect(Array.from(kept.dataSync())).toEqual(all);
    const { kernels, fallbacks } = step.program?.stats ?? {};
    expect(kernels).toEqual({ writeRows: 1, cachedAttention: 1 }); // no copy of the variable
    expect(fallbacks).toEqual({});
    step.dispose();
    tf.dispose([kept, starts]);
  });
});
