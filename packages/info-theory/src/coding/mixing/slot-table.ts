const FIRST_CAPACITY = 1 << 10;
const EMPTY = 0;
/** Counts stop here, so that adaptation slows no further and the distant past loses weight. */
const MOST_COUNT = 100;

/**
 * The probability of a 1 at each bit of each context, and how often it occurred: a hash table with open addressing,
 * which doubles when it is half full. Two contexts whose 32 bits of hash agree share a slot. A table that can't double
 * any more forgets its rarest contexts until it is a quarter full, so that memory stays bounded: nine bytes a slot.
 */
export class SlotTable {
  readonly #mostSlots: number;
  #keys = new Uint32Array(FIRST_CAPACITY);
  #probabilities = new Float32Array(FIRST_CAPACITY);
  #counts = new Uint8Array(FIRST_CAPACITY);
  #used = 0;

  /** @param mostSlots - the capacity beyond which the table forgets instead of doubling */
  constructor(mostSlots: number) {
    this.#mostSlots = mostSlots;
  }

  /** Makes room, so that slots don't move while this many are added. */
  reserve(slots: number): void {
    const { length } = this.#keys;
    if (2 * (this.#used + slots) <= length) return;
    if (2 * length <= this.#mostSlots) this.#rebuild(2 * length, 0);
    else this.#rebuild(length, this.#leastCountToKeep(length / 4));
  }

  /** The least count of the contexts that stay, if as many as possible but at most this many may. */
  #leastCountToKeep(mostKept: number): number {
    const slotsOf = new Uint32Array(MOST_COUNT + 1);
    for (let i = 0; i < this.#keys.length; i++) {
      if (this.#keys[i] !== EMPTY) slotsOf[this.#counts[i]]++;
    }
    let least = MOST_COUNT + 1;
    for (let kept = 0; least > 0; least--) {
      kept += slotsOf[least - 1];
      if (kept > mostKept) break;
    }
    return least;
  }

  #rebuild(capacity: number, leastCount: number): void {
    const [keys, probabilities, counts] = [this.#keys, this.#probabilities, this.#counts];
    this.#keys = new Uint32Array(capacity);
    this.#probabilities = new Float32Array(capacity);
    this.#counts = new Uint8Array(capacity);
    this.#used = 0;
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === EMPTY || counts[i] < leastCount) continue;
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
