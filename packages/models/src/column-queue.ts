import {
  concat,
  reshape,
  slice,
  tidy,
  variable,
  zeros,
  type Rank,
  type Tensor3D,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { DilatedConv1d } from './dilated-conv1d.js';
import type { Recall } from './recall.js';

/** What a convolution has read so far, as much of it as it will ask for: its past when positions come one by one. */
export class ColumnQueue {
  /** `[reach, B, C]`, the oldest first. */
  readonly #columns: Variable<Rank.R3> | undefined;

  constructor({ reach, weight }: DilatedConv1d, rows: number) {
    if (reach === 0) return;
    const shape: [number, number, number] = [reach, rows, weight.shape[1]];
    this.#columns = tidy(() => variable(zeros<Rank.R3>(shape), false));
  }

  /** The past of `x`, `[B, 1, C]`, which then belongs to it. */
  readonly recall: Recall = (x, steps) => {
    const columns = this.#columns;
    if (columns === undefined) return steps.map(() => x);
    const [reach, B, C] = columns.shape;
    const pasts = steps.map((back): Tensor3D => {
      if (back === 0) return x;
      return reshape<Rank.R3>(slice(columns, [reach - back, 0, 0], [1, B, C]), [B, 1, C]);
    });
    tidy(() => {
      const newest = reshape<Rank.R3>(x, [1, B, C]);
      const kept = reach === 1 ? [] : [slice(columns, [1, 0, 0], [reach - 1, B, C])];
      columns.assign(concat([...kept, newest]));
    });
    return pasts;
  };

  dispose(): void {
    this.#columns?.dispose();
  }
}
