/**
 * What a network's own probabilities would need, before they became whole numbers. Symbols that it doesn't have are left
 * out. For a report alone: it takes `Math.exp`, which isn't the same in each engine.
 */
export class CrossEntropy {
  readonly #size: number;
  #nats = 0;
  #symbols = 0;

  /** @param size - V, the network's symbols */
  constructor(size: number) {
    this.#size = size;
  }

  /** Symbols that the network has. */
  get symbols(): number {
    return this.#symbols;
  }

  /** What they need in all. */
  get bits(): number {
    return this.#nats / Math.LN2;
  }

  /** @param scores - `[rows, V]`, of which one row told what comes */
  add(scores: Float32Array, row: number, symbol: number): void {
    if (symbol >= this.#size) return;
    const [start, end] = [row * this.#size, (row + 1) * this.#size];
    let highest = -Infinity;
    for (let i = start; i < end; i++) highest = Math.max(highest, scores[i]);
    let sum = 0;
    for (let i = start; i < end; i++) sum += Math.exp(scores[i] - highest);
    this.#nats += Math.log(sum) + highest - scores[start + symbol];
    this.#symbols++;
  }
}
