/** Adds up how well log-probabilities foretell symbols, in double: `judge` a row, then `count` what came after it. */
export class Tally {
  examples = 0;
  /** Sum of cross-entropies, in nats. */
  loss = 0;
  correct = 0;
  #row: ArrayLike<number> = [];
  #start = 0;
  #likeliest = 0;

  /** Takes `V` log-probabilities from `start` on. The first of equal ones is the likeliest. */
  judge(row: ArrayLike<number>, start: number, V: number): void {
    let best = start;
    for (let i = start + 1; i < start + V; i++) if (row[i] > row[best]) best = i;
    this.#row = row;
    this.#start = start;
    this.#likeliest = best - start;
  }

  /** Symbol `v` came so many times after the row judged last. */
  count(v: number, times: number): void {
    this.examples += times;
    this.loss -= times * this.#row[this.#start + v];
    if (v === this.#likeliest) this.correct += times;
  }
}
