/** How likely an escape is, by how many there were. */
export class EscapeRate {
  #escapes = 0;
  #symbols = 0;

  get probability(): number {
    return (this.#escapes + 1) / (this.#symbols + 2);
  }

  /** Tells what came. */
  count(symbols: number, escapes: number): void {
    this.#symbols += symbols;
    this.#escapes += escapes;
  }
}
