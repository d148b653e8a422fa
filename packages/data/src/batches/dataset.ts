import { checkWhole } from '../errors.js';
import type { TokenBuffer } from '../tokens/token-source.js';

/** Rows of tokens, each with what follows it. A data set needn't hold them: it writes a row when it is asked for. */
export interface Dataset {
  /** N: how many rows. */
  readonly length: number;
  /** T: tokens of a row. */
  readonly contextSize: number;
  /** 1 where a row's target is the token after it; T where each of its positions has a target. */
  readonly targetsPerRow: number;
  /**
   * Writes the T tokens of a row, 0 … N - 1, into `into` from `at` on: whole numbers from 0 on. A loader checks them, and hands
   * out doubles to do so.
   */
  copyRow(row: number, into: TokenBuffer, at: number): void;
  /** Writes the `targetsPerRow` targets of a row into `into` from `at` on. */
  copyTargets(row: number, into: TokenBuffer, at: number): void;
  /** Which answer the target of a row is part of, by its number, where rows are parts of answers: how many whole ones are right can be said. */
  answerOf?(row: number): number;
  /** A hash of all rows, where there is a faster way than to copy each. */
  hash?(): string;
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

  /**
   * @throws RangeError unless `inputs` and `targets` are whole rows of numbers from 0 on, as many of the one as of the other
   * @throws TypeError when one isn't an `Int32Array`
   */
  constructor({
    inputs,
    targets,
    contextSize,
  }: Pick<ArrayDataset, 'inputs' | 'targets' | 'contextSize'>) {
    checkWhole('ArrayDataset: contextSize', contextSize, 1);
    checkTokens('inputs', inputs);
    checkTokens('targets', targets);
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

  copyRow(row: number, into: TokenBuffer, at: number): void {
    const T = this.contextSize;
    for (let t = 0; t < T; t++) into[at + t] = this.inputs[row * T + t];
  }

  copyTargets(row: number, into: TokenBuffer, at: number): void {
    const K = this.targetsPerRow;
    for (let k = 0; k < K; k++) into[at + k] = this.targets[row * K + k];
  }
}

function checkTokens(name: string, tokens: Int32Array): void {
  if (!(tokens instanceof Int32Array)) {
    throw new TypeError(`ArrayDataset: ${name} must be an Int32Array; make one by Int32Array.from`);
  }
  const at = tokens.findIndex((token) => token < 0);
  if (at === -1) return;
  throw new RangeError(`ArrayDataset: ${name} must be from 0 on; got ${tokens[at]} at index ${at}`);
}
