import { checkWhole } from '../errors.js';
import type { Tokenizer } from '../tokens/tokenizer.js';

/** Rows of tokens, each with what follows it. A data set needn't hold them: it writes a row when it is asked for. */
export interface Dataset {
  /** N: how many rows. */
  readonly length: number;
  /** T: tokens of a row. */
  readonly contextSize: number;
  /** 1 where a row's target is the token after it; T where each of its positions has a target. */
  readonly targetsPerRow: number;
  /** Writes the T tokens of a row, 0 … N - 1, into `into` from `at` on. */
  copyRow(row: number, into: Int32Array, at: number): void;
  /** Writes the `targetsPerRow` targets of a row into `into` from `at` on. */
  copyTargets(row: number, into: Int32Array, at: number): void;
}

/** Rows and targets that are arrays already, as PyTorch's `TensorDataset`. */
export class ArrayDataset implements Dataset {
  readonly length: number;
  readonly contextSize: number;
  readonly targetsPerRow: number;
  /** `[N, T]` int32, row-major. */
  readonly inputs: Int32Array;
  /** `[N]` int32, or `[N, T]` with a target for each position. */
  readonly targets: Int32Array;

  /** @throws RangeError unless `inputs` and `targets` are whole rows, as many of the one as of the other */
  constructor({
    inputs,
    targets,
    contextSize,
  }: Pick<ArrayDataset, 'inputs' | 'targets' | 'contextSize'>) {
    checkWhole('ArrayDataset: contextSize', contextSize, 1);
    const N = inputs.length / contextSize;
    if (!Number.isInteger(N) || (targets.length !== N && targets.length !== inputs.length)) {
      throw new RangeError(
        `ArrayDataset: inputs must be [N, ${contextSize}] and targets [N] or [N, ${contextSize}]; ` +
          `got ${inputs.length} tokens and ${targets.length} targets`,
      );
    }
    this.length = N;
    this.contextSize = contextSize;
    this.targetsPerRow = targets.length === N ? 1 : contextSize;
    this.inputs = inputs;
    this.targets = targets;
  }

  copyRow(row: number, into: Int32Array, at: number): void {
    const T = this.contextSize;
    for (let t = 0; t < T; t++) into[at + t] = this.inputs[row * T + t];
  }

  copyTargets(row: number, into: Int32Array, at: number): void {
    const K = this.targetsPerRow;
    for (let k = 0; k < K; k++) into[at + k] = this.targets[row * K + k];
  }
}

/**
 * The first rows of a data set as text, `.......k --> e`; fewer than `count` where it has no more.
 *
 * @throws RangeError when `count` isn't a whole number from 0 on
 */
export function preview(dataset: Dataset, tokenizer: Tokenizer, count: number): string[] {
  checkWhole('preview: count', count, 0);
  const inputs = new Int32Array(dataset.contextSize);
  const targets = new Int32Array(dataset.targetsPerRow);
  return Array.from({ length: Math.min(count, dataset.length) }, (_, row) => {
    dataset.copyRow(row, inputs, 0);
    dataset.copyTargets(row, targets, 0);
    return `${tokenizer.decode(inputs)} --> ${tokenizer.decode(targets)}`;
  });
}
