import { MersenneTwister, type MersenneTwisterState } from './mersenne-twister.js';

const MAX_SEED = 2n ** 64n;

/** All that a {@link Generator} needs to continue its stream exactly. */
export interface GeneratorState extends MersenneTwisterState {
  /** The unused second value of a pair of normal values. */
  readonly cachedNormal: number | undefined;
}

/**
 * A seeded source of random bits, the counterpart of `torch.Generator` and `numpy.random.RandomState`.
 * Every random choice takes one as an argument; nothing in these packages draws from a hidden source.
 */
export class Generator {
  #twister: MersenneTwister;
  /** PyTorch's generator keeps the unused half of a normal pair; so does this one. See `normal`. */
  cachedNormal: number | undefined;

  private constructor(twister: MersenneTwister, cachedNormal?: number) {
    this.#twister = twister;
    this.cachedNormal = cachedNormal;
  }

  /**
   * @param seed - a whole number, 0 … 2^64 - 1; its low 32 bits count, as in `torch.manual_seed`
   * @throws RangeError for any other seed
   */
  static seeded(seed: number | bigint): Generator {
    const whole = typeof seed === 'bigint' || Number.isSafeInteger(seed);
    if (!whole || seed < 0 || seed >= MAX_SEED) {
      throw new RangeError(
        `Generator: seed must be a whole number from 0 to 2^64 - 1; got ${seed}`,
      );
    }
    return new Generator(MersenneTwister.seeded(Number(BigInt.asUintN(32, BigInt(seed)))));
  }

  /** Continues the stream of the generator that returned this state. */
  static fromState(state: GeneratorState): Generator {
    return new Generator(MersenneTwister.fromState(state), state.cachedNormal);
  }

  /**
   * Continues, as the same object, the stream of the generator that returned this state: `torch.Generator.set_state`.
   *
   * @throws RangeError when the state isn't one that {@link Generator.state} returned
   */
  load(state: GeneratorState): void {
    this.#twister = MersenneTwister.fromState(state);
    this.cachedNormal = state.cachedNormal;
  }

  /** The stream's position; {@link Generator.load} and {@link Generator.fromState} continue from it. */
  state(): GeneratorState {
    return { ...this.#twister.state(), cachedNormal: this.cachedNormal };
  }

  /** The next 32 random bits, 0 … 2^32 - 1. */
  nextUint32(): number {
    return this.#twister.nextUint32();
  }

  /** The next 64 random bits; the first draw is the high half. */
  nextUint64(): bigint {
    const high = BigInt(this.nextUint32());
    return (high << 32n) | BigInt(this.nextUint32());
  }

  /** A double in [0, 1) with 53 random bits: `torch.rand(1, dtype=torch.float64)`. */
  nextDouble(): number {
    const high = this.nextUint32() & 0x1fffff;
    return (high * 2 ** 32 + this.nextUint32()) * 2 ** -53;
  }
}
