/**
 * Numbers for words, in the order in which they were met. Words are found where they stand in a text, without a string of each, which
 * takes most of the time otherwise.
 */
export class WordTable {
  #count = 0;
  /** A word's number and one more, at the place of its hash or the next that was free; 0: none. */
  #slots = new Int32Array(2 ** 10);
  #hashes = new Int32Array(2 ** 9);
  /** Where each begins in the units, and where the last one ends. */
  #starts = new Int32Array(2 ** 9 + 1);
  #units = new Uint16Array(2 ** 12);

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** UTF-16 code units of all words together. */
  get units(): number {
    return this.#starts[this.#count];
  }

  /** The number of the word from `start` to `end`; a new one has the next number, `count`. */
  find(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5; // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const word = this.#slots[slot] - 1;
      if (this.#hashes[word] === hash && this.#isAt(word, text, start, end)) return word;
    }
    return this.#add(hash, text.slice(start, end), slot);
  }

  /** The word of a number. */
  wordOf(word: number): string {
    let text = '';
    for (let i = this.#starts[word]; i < this.#starts[word + 1]; i++) {
      text += String.fromCharCode(this.#units[i]);
    }
    return text;
  }

  /** Forgets all words. */
  clear(): void {
    this.#count = 0;
    this.#slots.fill(0);
  }

  #isAt(word: number, text: string, start: number, end: number): boolean {
    const first = this.#starts[word];
    if (this.#starts[word + 1] - first !== end - start) return false;
    for (let i = start; i < end; i++) {
      if (this.#units[first + i - start] !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  #add(hash: number, text: string, slot: number): number {
    const word = this.#count++;
    const first = this.#starts[word];
    if (word === this.#hashes.length) {
      this.#hashes = grown(this.#hashes, new Int32Array(2 * word));
      this.#starts = grown(this.#starts, new Int32Array(2 * word + 1));
    }
    const end = first + text.length;
    if (end > this.#units.length) this.#units = grown(this.#units, new Uint16Array(2 * end));
    for (let i = 0; i < text.length; i++) this.#units[first + i] = text.charCodeAt(i);
    this.#hashes[word] = hash;
    this.#starts[word + 1] = end;
    this.#slots[slot] = word + 1;
    if (2 * this.#count > this.#slots.length) this.#spread();
    return word;
  }

  /** Doubles the slots, of which at most half are taken. */
  #spread(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let word = 0; word < this.#count; word++) {
      let slot = this.#hashes[word] & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = word + 1;
    }
    this.#slots = slots;
  }
}

function grown<T extends Int32Array | Uint16Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
