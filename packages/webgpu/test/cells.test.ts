// Recurrent cells and their gradients, beside those of wasm.
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { onBoth, run } from './on-both.js';
import { hasNone } from './on-gpu.js';

/** Batches and widths of states: one number, more than a group has. */
const SIZES = [
  [1, 1],
  [3, 5],
  [5, 33],
] as const;

it.skipIf(hasNone).each(SIZES)('GRU, %i states of %i', async (B, H) => {
  const step = (input: Tensor, hidden: Tensor, state: Tensor, dy: Tensor): Tensor[] => {
    const [next, gates] = run('GRUCell', { input, hidden, state });
    return [next, gates, ...run('GRUCellGrad', { gates, hidden, state, dy })];
  };
  const feeds = [3 * H, 3 * H, H, H].map((width) => [B, width]);
  expect((await onBoth(step, { feeds })).off).toBeLessThan(2e-6);
});

it.skipIf(hasNone).each(SIZES)('LSTM, %i states of %i', async (B, H) => {
  const step = (x: Tensor, cell: Tensor, dHidden: Tensor, dNext: Tensor): Tensor[] => {
    const [hidden, next, gates] = run('LSTMCell', { x, cell });
    const gradients = run('LSTMCellGrad', { gates, cell, next, dHidden, dNext });
    return [hidden, next, gates, ...gradients];
  };
  const feeds = [4 * H, H, H, H].map((width) => [B, width]);
  expect((await onBoth(step, { feeds })).off).toBeLessThan(2e-6);
});
