/**
 * A source of uniform doubles in [0, 1). The `Generator` of `@llm101/random` is one; so is `{ nextDouble: f }` for any
 * function that draws such numbers.
 */
export interface RandomSource {
  /** The next number, uniform in [0, 1). */
  nextDouble(): number;
}
