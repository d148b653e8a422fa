const FIRST_CAPACITY = 1 << 10;
const EMPTY = 0;
/** Counts stop here, so that adaptation slows no further and the distant past loses weight. */
const MOST_COUNT = 100;

/**
 * The probability of a 1 at each bit of each context, and how often it occurred: a hash table with open addressing,
 * which doubles when it is half full. Two contexts whose 32 bits of hash agree share a slot.
 */
export class SlotTable {
  #keys = new Uint32Array(FIRST_CAPACITY);
  #probabilities = new Float32Array(FIRST_CAPACITY);
  #counts = new Uint8Array(FIRST_CAPACITY);
  #used = 0;

  /** Makes room, so that slots don't move while this many are added. */
  reserve(slots: number): void {
    if (2 * (this.#used + slots) <= this.#keys.length) return;
    const [keys, probabilities, counts] = [this.#keys, this.#probabilities, this.#counts];
    const capacity = 2 * keys.length;
    this.#keys = new Uint32Array(capacity);
    this.#probabilities = new Float32Array(capacity);
    this.#counts = new Uint8Array(capacity);
    this.#used = 0;
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === EMPTY) continue;
      const slot = this.find(keys[i]);
      this.#probabilities[slot] = probabilities[i];
      this.#counts[slot] = counts[i];
    }
  }

  /** The slot of a hash; a new one has the probability 1/2. */
  find(hash: number): number {
    const key = hash === EMPTY ? 1 : hash;
    const mask = this.#keys.length - 1;
    let slot = key & mask;
    for (; this.#keys[slot] !== key; slot = (slot + 1) & mask) {
      if (this.#keys[slot] !== EMPTY) continue;
      this.#keys[slot] = key;
      this.#probabilities[slot] = 0.5;
      this.#used++;
      break;
    }
    return slot;
  }

  probability(slot: number): number {
    return this.#probabilities[slot];
  }

  /** 0 for a new slot. */
  count(slot: number): number {
    return this.#counts[slot];
  }

  /** Moves the probability towards the bit, by less the more often it occurred. */
  learn(slot: number, bit: number): void {
    const count = this.#counts[slot];
    if (count < MOST_COUNT) this.#counts[slot] = count + 1;
    this.#probabilities[slot] += (bit - this.#probabilities[slot]) / (count + 1.4);
  }
}
