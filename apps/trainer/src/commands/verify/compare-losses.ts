/** What {@link compareLosses} found. */
export interface LossComparison {
  /** Whether all losses are equal, bit for bit. */
  readonly isSame: boolean;
  /** The finding, to print. */
  readonly lines: string[];
}

/** float32 sums in another order differ by so much in the first hundred steps. */
const ROUNDING = 1e-5;

/** Compares the losses of steps 1, 2, … with those that were recorded. */
export function compareLosses(
  recorded: readonly number[],
  found: readonly number[],
): LossComparison {
  const first = recorded.findIndex((loss, i) => !Object.is(loss, found[i]));
  if (first === -1) {
    return {
      isSame: true,
      lines: [`verified: the losses of the first ${recorded.length} steps are equal bit for bit`],
    };
  }
  const largest = Math.max(...recorded.map((loss, i) => Math.abs(loss - (found[i] ?? Number.NaN))));
  return {
    isSame: false,
    lines: [
      `not verified: step ${first + 1} was recorded with loss ${recorded[first]}, and gives ${found[first]} here`,
      `largest difference in ${recorded.length} steps: ${largest.toExponential(1)} nats; ${
        largest < ROUNDING
          ? 'so small that it comes from rounding, by another engine or version'
          : 'so large that something else is computed'
      }`,
    ],
  };
}
