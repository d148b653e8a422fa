import { Logistic, Mixer } from './mixer.js';
import { SlotTable } from './slot-table.js';

/** A count's bucket: how much a slot can be trusted. */
const BUCKETS = Uint8Array.from({ length: 256 }, (_, n) => {
  if (n < 4) return n;
  if (n < 6) return 4;
  if (n < 10) return 5;
  if (n < 20) return 6;
  return n < 50 ? 7 : 8;
});
const KINDS = 9;
const TRUST_RATE = 0.002;
const FINAL_RATE = 0.005;
/** The mixers' rate falls from 0.025 to 0.005 over some ten thousand symbols. */
const RATE = 0.005;
const EARLY_RATE = 0.02;
const EARLY_SYMBOLS = 2000;

interface BitPredictorOptions {
  readonly contexts: number;
  /** The number of external predictions that are mixed in. */
  readonly experts: number;
  /** The number of situations that each mixer distinguishes. */
  readonly sets: readonly number[];
  /** The same for the last mixer, which mixes the others. */
  readonly finalSets: number;
  /** The most slots that contexts are remembered in. */
  readonly memory: number;
}

/** The situation of a prediction. */
interface BitSituation {
  /** `[experts]` each one's probability of a 1. */
  readonly experts: Float64Array;
  /** `[mixers]` the set of weights that each one uses. */
  readonly sets: Uint32Array;
  readonly finalSet: number;
}

/**
 * Predicts a bit from the memory of many contexts: each gives a logit, scaled by a trust that is learned for each
 * context and count of its occurrences; several mixers weight them, and another one weights the mixers. Only sums,
 * products and quotients of doubles in a fixed order, so that sender and receiver agree to the last bit.
 */
export class BitPredictor {
  readonly #logistic = new Logistic();
  readonly #slots: SlotTable;
  readonly #contexts: number;
  readonly #mixers: readonly Mixer[];
  readonly #final: Mixer;
  readonly #trust: Float64Array;
  readonly #found: Uint32Array;
  readonly #stretched: Float64Array;
  readonly #logits: Float64Array;
  readonly #mixed: Float64Array;
  #symbols = 0;

  constructor({ contexts, experts, sets, finalSets, memory }: BitPredictorOptions) {
    this.#slots = new SlotTable(memory);
    this.#contexts = contexts;
    const inputs = contexts + experts + 1; // the last is constant
    const initial = Array.from({ length: inputs }, (_, i) => (i < contexts ? 0.15 : 0.3));
    const logistic = this.#logistic;
    this.#mixers = sets.map((n) => new Mixer({ logistic, inputs, sets: n, initial }));
    this.#final = new Mixer({
      logistic,
      inputs: sets.length,
      sets: finalSets,
      initial: sets.map(() => 1 / sets.length),
    });
    this.#trust = new Float64Array(contexts * KINDS).fill(1);
    this.#found = new Uint32Array(contexts);
    this.#stretched = new Float64Array(contexts);
    this.#logits = new Float64Array(inputs);
    this.#logits[inputs - 1] = 0.3;
    this.#mixed = new Float64Array(sets.length);
  }

  /**
   * Looks up the contexts' memory, before {@link predict}.
   *
   * @param keys - `[contexts]` a hash of each context and the position in the symbol
   */
  look(keys: Uint32Array): void {
    const slots = this.#slots;
    slots.reserve(this.#contexts);
    for (let c = 0; c < this.#contexts; c++) {
      const slot = slots.find(keys[c]);
      const count = slots.count(slot);
      this.#found[c] = slot;
      this.#stretched[c] = count === 0 ? 0 : this.#logistic.stretch(slots.probability(slot));
      this.#logits[c] = this.#stretched[c] * this.#trust[c * KINDS + BUCKETS[count]];
    }
  }

  /** How many of the first `contexts` contexts have occurred before. */
  seen(contexts: number): number {
    let seen = 0;
    for (let c = 0; c < contexts; c++) if (this.#slots.count(this.#found[c]) > 0) seen++;
    return seen;
  }

  /** @returns the probability of a 1 */
  predict({ experts, sets, finalSet }: BitSituation): number {
    for (let e = 0; e < experts.length; e++) {
      this.#logits[this.#contexts + e] = this.#logistic.stretch(experts[e]);
    }
    for (const [m, mixer] of this.#mixers.entries()) {
      this.#mixed[m] = mixer.mix(this.#logits, sets[m]);
    }
    this.#final.mix(this.#mixed, finalSet);
    return this.#final.probability;
  }

  /** Learns the bit that was just predicted. */
  learn(bit: number): void {
    this.#final.learn(this.#mixed, bit - this.#final.probability, FINAL_RATE);
    const rate = RATE + EARLY_RATE / (1 + this.#symbols / EARLY_SYMBOLS);
    for (let c = 0; c < this.#contexts; c++) {
      let pull = 0;
      for (const mixer of this.#mixers) pull += (bit - mixer.probability) * mixer.weight(c);
      const trust = c * KINDS + BUCKETS[this.#slots.count(this.#found[c])];
      this.#trust[trust] += TRUST_RATE * pull * this.#stretched[c];
      this.#slots.learn(this.#found[c], bit);
    }
    for (const mixer of this.#mixers) mixer.learn(this.#logits, bit - mixer.probability, rate);
  }

  /** Ends a symbol. */
  endSymbol(): void {
    this.#symbols++;
  }
}
