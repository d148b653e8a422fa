const N = 624;
const M = 397;
const UPPER_MASK = 0x80000000;
const LOWER_MASK = 0x7fffffff;
const MATRIX_A = 0x9908b0df;

/** All that a {@link MersenneTwister} needs to continue its stream. */
export interface MersenneTwisterState {
  /** The 624 words of the recurrence, each an unsigned 32-bit integer. */
  readonly words: Uint32Array;
  /** How many of the words have been used, 0 … 624. */
  readonly index: number;
}

/**
 * MT19937, the generator under `numpy.random.RandomState` and `torch.Generator` (CPU).
 *
 * Source: Matsumoto and Nishimura (1998), "Mersenne Twister: a 623-dimensionally equidistributed uniform
 * pseudo-random number generator".
 */
export class MersenneTwister {
  readonly #words: Uint32Array;
  #index: number;

  private constructor(words: Uint32Array, index: number) {
    this.#words = words;
    this.#index = index;
  }

  /**
   * `init_genrand` of the authors' program.
   *
   * @param seed - unsigned 32-bit
   */
  static seeded(seed: number): MersenneTwister {
    const words = new Uint32Array(N);
    words[0] = seed;
    for (let i = 1; i < N; i++) {
      const previous = words[i - 1] ^ (words[i - 1] >>> 30);
      words[i] = Math.imul(previous, 1812433253) + i;
    }
    return new MersenneTwister(words, N);
  }

  /** @throws RangeError when the state isn't one that `state()` returned */
  static fromState({ words, index }: MersenneTwisterState): MersenneTwister {
    if (words.length !== N || !Number.isInteger(index) || index < 0 || index > N) {
      throw new RangeError(
        `MersenneTwister: a state has ${N} words and an index of 0 to ${N}; got ${words.length} words and index ${index}`,
      );
    }
    return new MersenneTwister(Uint32Array.from(words), index);
  }

  /** A copy, which later draws don't change. */
  state(): MersenneTwisterState {
    return { words: this.#words.slice(), index: this.#index };
  }

  /** The next output, 0 … 2^32 - 1. */
  nextUint32(): number {
    if (this.#index === N) this.#twist();
    let y = this.#words[this.#index++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  #twist(): void {
    const words = this.#words;
    for (let i = 0; i < N; i++) {
      const y = (words[i] & UPPER_MASK) | (words[(i + 1) % N] & LOWER_MASK);
      words[i] = words[(i + M) % N] ^ (y >>> 1) ^ (y & 1 ? MATRIX_A : 0);
    }
    this.#index = 0;
  }
}
