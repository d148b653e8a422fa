import { mul, tensor, type Rank, type Tensor } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import type { Mode } from '../language-model.js';
import { Counter, Module, pythonNumber } from '../module.js';
import { runFused } from './fused-kernel.js';

/**
 * In training each value is left out with probability `rate`, and the others are multiplied by `1 / (1 - rate)`; in
 * evaluation nothing changes: `nn.Dropout(rate)`. The mask is a function of a seed and of a counter that each call of training
 * advances, so that every step, compiled ones too, draws a new one, and a run with the same seed the same ones.
 *
 * Source: Srivastava et al. (2014), https://jmlr.org/papers/v15/srivastava14a.html
 */
export class Dropout extends Module {
  /** Calls in training so far. */
  readonly counter = new Counter();
  readonly #rate: number;
  readonly #seed: number;

  /**
   * Draws nothing, as in PyTorch: what is made after it has the same initial values as without it.
   *
   * @param source - the seed, 32 bits; or a generator, from whose state, and how many dropouts were made with it before, it follows
   * @throws RangeError unless rate is from 0 to below 1, and a seed a whole number from 0 to 2^32 - 1
   */
  constructor(rate: number, source: Generator | number) {
    super();
    checkDropoutRate(rate);
    this.#rate = rate;
    this.#seed = typeof source === 'number' ? source : seedOf(source);
    if (this.#seed >>> 0 === this.#seed) return;
    throw new RangeError(
      `Dropout: a seed must be a whole number from 0 to 2^32 - 1; got ${this.#seed}`,
    );
  }

  /**
   * @param mode - default: `'evaluation'`
   * @returns of the shape of x
   */
  forward<R extends Rank>(x: Tensor<R>, mode: Mode = 'evaluation'): Tensor<R> {
    if (mode === 'evaluation' || this.#rate === 0) return x;
    const attrs = { rate: this.#rate, seed: this.#seed };
    const inputs = { x, counter: this.counter.variable };
    const fused = runFused({ name: 'SeededDropout', inputs, attrs }) as Tensor<R> | undefined;
    const y = fused ?? this.#composed(x);
    this.counter.advance();
    return y;
  }

  /**
   * Lets a kernel drop values by itself, by the mask that {@link forward} would draw now; the counter advances.
   *
   * @param use - is given nothing where nothing is dropped
   */
  inside<Result>(mode: Mode, use: (mask: MaskSource | undefined) => Result): Result {
    if (mode === 'evaluation' || this.#rate === 0) return use(undefined);
    const result = use({ rate: this.#rate, seed: this.#seed, counter: this.counter.variable });
    this.counter.advance();
    return result;
  }

  override summary(): string {
    return `p=${pythonNumber(this.#rate)}, inplace=False`;
  }

  /** tfjs has no operations on bits, so the mask is made in JavaScript. */
  #composed<R extends Rank>(x: Tensor<R>): Tensor<R> {
    const counter = this.counter.value;
    const mask = dropoutMask({ rate: this.#rate, seed: this.#seed, counter, size: x.size });
    return mul(x, tensor<R>(mask, x.shape));
  }
}

/** Dropout where something is left out: one that does nothing would count among those of the generator, whose seeds differ by their number. */
export function dropoutIfAny(rate: number, generator: Generator): Dropout | undefined {
  return rate === 0 ? undefined : new Dropout(rate, generator);
}

/** What a kernel draws a mask by. */
export interface MaskSource {
  readonly rate: number;
  readonly seed: number;
  /** int32, a scalar */
  readonly counter: Tensor;
}

const made = new WeakMap<Generator, number>();

/** A seed for the next dropout of a generator, which doesn't advance. */
function seedOf(generator: Generator): number {
  const count = (made.get(generator) ?? 0) + 1;
  made.set(generator, count);
  const next = Generator.fromState(generator.state()).nextUint32();
  return mix(next ^ mix(count));
}

/** What decides a mask: it is a pure function of these. */
interface DropoutMask {
  /** Fraction of values left out, from 0 to below 1. */
  readonly rate: number;
  /** uint32 */
  readonly seed: number;
  /** int32 */
  readonly counter: number;
  readonly size: number;
}

/**
 * What each value of a tensor is multiplied by: `1 / (1 - rate)` in float32 where it is kept, else 0. Bits come from a
 * hash of the element's index and a key of seed and counter, so that any element can be computed alone.
 *
 * Source of the hash: "lowbias32", https://github.com/skeeto/hash-prospector
 */
export function dropoutMask({ rate, seed, counter, size }: DropoutMask): Float32Array {
  const key = mix(seed ^ mix(counter));
  const threshold = Math.ceil(rate * 2 ** 24);
  const scale = 1 / (1 - rate);
  return Float32Array.from({ length: size }, (_, i) => {
    const bits = mix(mix(i ^ key) + key);
    return bits >>> 8 >= threshold ? scale : 0;
  });
}

/** uint32 to uint32, one to one. */
function mix(x: number): number {
  let bits = x >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** @throws RangeError unless the rate is from 0 to below 1 */
export function checkDropoutRate(rate: number): void {
  if (rate >= 0 && rate < 1) return;
  throw new RangeError(`Dropout: rate must be from 0 to below 1; got ${rate}`);
}
