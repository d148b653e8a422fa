import {
  add,
  cast,
  matMul,
  mul,
  neg,
  ones,
  range,
  relu,
  reshape,
  square,
  sub,
  sum,
  tidy,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor1D, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { TokenStream } from '../language-model.js';
import { positionsAtEnd, writeRows } from '../layers/cached-attention.js';

/** What a stream asks of a `Megabyte`. */
export interface StreamedMegabyte {
  readonly contextSize: number;
  readonly patchSize: number;
  /** `[B, K P]` tokens to what the global model gives for each patch, `[B, K, P C]`. */
  readPatches(tokens: Tensor2D): Tensor3D;
  /** `[B, P]` tokens of a patch each, and what the global model gives for them, `[B, P C]`, to `[B, P, V]`. */
  scorePatches(patches: Tensor2D, before: Tensor2D): Tensor3D;
}

/**
 * A Megabyte that reads rows token by token and keeps the tokens: a row always has the same shape, and the local model reads its newest
 * patch alone. What stands behind the newest token is seen by none.
 */
export class MegabyteStream implements TokenStream {
  readonly capacity: number;
  readonly #model: StreamedMegabyte;
  /** `[B, T, 1]`, numbers of tokens. */
  readonly #tokens: Variable<Rank.R3>;

  constructor(model: StreamedMegabyte, rows: number) {
    this.capacity = model.contextSize;
    this.#model = model;
    this.#tokens = tidy(() => variable(zeros<Rank.R3>([rows, model.contextSize, 1]), false));
  }

  next(tokens: Tensor1D, positions: Tensor1D): Tensor2D {
    const [B] = tokens.shape;
    this.#write(reshape<Rank.R2>(tokens, [B, 1]), reshape<Rank.R2>(positions, [B, 1]));
    return this.#score(positions);
  }

  read(tokens: Tensor2D, lengths: Tensor1D): Tensor2D {
    this.#write(tokens, cast(positionsAtEnd(tokens, lengths), 'int32'));
    return this.#score(sub(cast(lengths, 'float32'), 1));
  }

  dispose(): void {
    this.#tokens.dispose();
  }

  /** `[B, n]` tokens at their positions; one below 0 isn't written. */
  #write(tokens: Tensor2D, positions: Tensor2D): void {
    const [B, n] = tokens.shape;
    const rows = reshape<Rank.R3>(cast(tokens, 'float32'), [B, n, 1]);
    this.#tokens.assign(writeRows(this.#tokens, rows, positions));
  }

  /** The scores at the position of each row, `[B, V]`. */
  #score(positions: Tensor1D): Tensor2D {
    const P = this.#model.patchSize;
    const [B, T] = this.#tokens.shape;
    const tokens = reshape<Rank.R2>(this.#tokens, [B, T]);
    const K = T / P;
    const place = reshape<Rank.R2>(cast(positions, 'float32'), [B, 1]);
    const firsts = mul<Tensor1D>(range(0, K), P); // [K]
    const distance = minus(place, firsts); // [B, K]
    const isPatch = sub<Tensor2D>(isFrom0(distance), isFrom0(sub(distance, P))); // [B, K]: 1 for the patch of the position
    const global = this.#model.readPatches(cast(tokens, 'int32')); // [B, K, P C]
    const before = pick(isPatch, global); // [B, P C]
    const patch = pick(isPatch, reshape<Rank.R3>(tokens, [B, K, P])); // [B, P]
    const scores = this.#model.scorePatches(cast(patch, 'int32'), before); // [B, P, V]
    const first = sum<Tensor>(mul(isPatch, firsts), 1, true); // [B, 1]
    const within = reshape<Rank.R1>(sub(place, first), [B]);
    return pick(oneHotOf(within, P), scores);
  }
}

/** `[B]` to `[B, n]`, 1 where a column is the number. */
function oneHotOf(numbers: Tensor1D, columns: number): Tensor2D {
  const place = reshape<Rank.R2>(cast(numbers, 'float32'), [-1, 1]);
  return relu(sub(1, square(minus(place, range(0, columns)))));
}

/** `[B, 1]` minus `[n]`, as compiled steps have kernels for it: `[B, n]`. */
const minus = (column: Tensor2D, row: Tensor1D): Tensor2D =>
  add(matMul<Tensor2D>(column, ones([1, row.size])), neg(row));

/** 1 for whole numbers from 0 on, 0 for those below. */
const isFrom0 = (x: Tensor2D): Tensor2D => sub(relu(add(x, 1)), relu(x));

/** Of `[B, n, C]` the one of n that `[B, n]` has a 1 for: `[B, C]`. */
function pick(chosen: Tensor2D, from: Tensor3D): Tensor2D {
  const [B, n] = chosen.shape;
  return sum<Tensor2D>(mul(from, reshape<Rank.R3>(chosen, [B, n, 1])), 1);
}
