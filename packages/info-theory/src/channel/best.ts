/** The few highest scores of many, highest first; of equal ones the first that came. */
export class Best<T> {
  readonly #items: { readonly score: number; readonly item: T }[] = [];
  readonly #most: number;

  /** @param most - how many are kept, from 1 on */
  constructor(most: number) {
    this.#most = most;
  }

  get items(): readonly { readonly score: number; readonly item: T }[] {
    return this.#items;
  }

  /** What a score must exceed to be kept: -Infinity as long as there is room. */
  get least(): number {
    return this.#items.length < this.#most ? -Infinity : this.#items[this.#most - 1].score;
  }

  add(score: number, item: T): void {
    let place = this.#items.length;
    while (place > 0 && this.#items[place - 1].score < score) place--;
    this.#items.splice(place, 0, { score, item });
    if (this.#items.length > this.#most) this.#items.pop();
  }
}
