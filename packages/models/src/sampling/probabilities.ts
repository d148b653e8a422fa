/**
 * Probabilities from one row of scores, `exp(z / temperature)` over their sum, in double. A temperature of 0 puts
 * everything on the highest score (the first of equals).
 */
export function softmax(scores: ArrayLike<number>, temperature: number): Float64Array {
  const z = Float64Array.from(scores);
  const most = z.reduce((a, b) => Math.max(a, b), -Infinity);
  if (temperature === 0) {
    const winner = z.indexOf(most);
    return z.map((_, i) => (i === winner ? 1 : 0));
  }
  const weights = z.map((score) => Math.exp((score - most) / temperature));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** The logarithm of an entry's probability, in nats, from one row of scores. */
export function logProbability(scores: ArrayLike<number>, index: number): number {
  const z = Float64Array.from(scores);
  const most = z.reduce((a, b) => Math.max(a, b), -Infinity);
  return z[index] - most - Math.log(z.reduce((sum, score) => sum + Math.exp(score - most), 0));
}

/** Which tokens may be drawn at all. */
export interface Narrowing {
  /** Only the k likeliest; default: all. */
  readonly topK?: number | undefined;
  /**
   * Only the fewest likeliest whose probabilities add up to this fraction: "nucleus" sampling; default: 1, all.
   *
   * Source: Holtzman et al. (2019), https://arxiv.org/abs/1904.09751
   */
  readonly topP?: number;
}

/** How {@link tokenProbabilities} makes them. */
export interface ProbabilityOptions extends Narrowing {
  /** Above 1 bolder, below 1 safer, 0 always the likeliest; default: 1. */
  readonly temperature?: number;
}

/**
 * What the next token is drawn by: the probabilities of a row of scores, by a temperature, of the likeliest tokens alone.
 *
 * @param scores - `[V]` unnormalised log-probabilities
 * @returns `[V]` in double; those of tokens that can't be drawn are 0
 * @throws RangeError when an option is out of range
 */
export function tokenProbabilities(
  scores: ArrayLike<number>,
  options: ProbabilityOptions = {},
): Float64Array {
  checkProbabilities('tokenProbabilities', options);
  return narrow(softmax(scores, options.temperature ?? 1), options);
}

/** @throws RangeError when an option is out of range */
export function checkProbabilities(
  where: string,
  { temperature = 1, topK, topP = 1 }: ProbabilityOptions,
): void {
  if (!Number.isFinite(temperature) || temperature < 0) {
    throw new RangeError(
      `${where}: temperature must be finite and not negative; got ${temperature}`,
    );
  }
  if (topK !== undefined && (!Number.isSafeInteger(topK) || topK < 1)) {
    throw new RangeError(`${where}: topK must be a whole number of at least 1; got ${topK}`);
  }
  if (!(topP > 0 && topP <= 1)) {
    throw new RangeError(`${where}: topP must be above 0 and at most 1; got ${topP}`);
  }
}

/**
 * Probabilities of what may be drawn, scaled to add up to 1 again; the others are 0. First the k likeliest are taken, then
 * of these the fewest that add up to `topP`. Of equal ones the first counts as likelier, and at least one is left.
 */
export function narrow(probabilities: Float64Array, { topK, topP = 1 }: Narrowing): Float64Array {
  const V = probabilities.length;
  if ((topK ?? V) >= V && topP === 1) return probabilities;
  const order = Array.from(probabilities.keys()).sort(
    (a, b) => probabilities[b] - probabilities[a],
  );
  const likeliest = order.slice(0, topK);
  const kept = likeliest.slice(
    0,
    countUpTo(
      topP,
      likeliest.map((token) => probabilities[token]),
    ),
  );
  const total = kept.reduce((sum, token) => sum + probabilities[token], 0);
  const narrowed = new Float64Array(V);
  for (const token of kept) narrowed[token] = probabilities[token] / total;
  return narrowed;
}

/** How many values, from the first on, add up to a fraction of their sum. */
function countUpTo(fraction: number, values: readonly number[]): number {
  if (fraction === 1) return values.length; // however small the last ones are
  const wanted = fraction * values.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  for (const [i, value] of values.entries()) {
    sum += value;
    if (sum >= wanted) return i + 1;
  }
  return values.length;
}

/**
 * The index whose part of [0, 1) holds `u`: the inverse of the cumulative distribution.
 *
 * @param probabilities - add up to 1 within rounding
 * @param u - in [0, 1)
 */
export function draw(probabilities: Float64Array, u: number): number {
  let cumulative = 0;
  let last = 0;
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i] === 0) continue;
    cumulative += probabilities[i];
    if (u < cumulative) return i;
    last = i;
  }
  return last; // rounding left the sum just below u
}
