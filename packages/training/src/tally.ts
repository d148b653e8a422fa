/** Adds up how well scores foretell symbols, in double precision: `score` a row, then `count` what came after it. */
export class Tally {
  examples = 0;
  /** Sum of cross-entropies, in nats. */
  loss = 0;
  correct = 0;
  #logits: ArrayLike<number> = [];
  #start = 0;
  #best = 0;
  #logSum = 0;

  /** Takes `V` unnormalised log-probabilities from `start` on. The first of equal ones is the likeliest. */
  score(logits: ArrayLike<number>, start: number, V: number): void {
    let best = start;
    for (let i = start + 1; i < start + V; i++) if (logits[i] > logits[best]) best = i;
    let sum = 0;
    for (let i = start; i < start + V; i++) sum += Math.exp(logits[i] - logits[best]);
    this.#logits = logits;
    this.#start = start;
    this.#best = best - start;
    this.#logSum = logits[best] + Math.log(sum);
  }

  /** Symbol `v` came so many times after the row scored last. */
  count(v: number, times: number): void {
    this.examples += times;
    this.loss += times * (this.#logSum - this.#logits[this.#start + v]);
    if (v === this.#best) this.correct += times;
  }
}
