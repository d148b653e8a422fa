/** A step with a rate of its own. Losses are in nats. */
export interface RatePoint {
  /** That of the step. */
  readonly learningRate: number;
  /** Smoothed over the steps so far. */
  readonly loss: number;
  /** Loss of the step's mini-batch. */
  readonly batchLoss: number;
}

/** How many points a slope is taken over, before and after the one at hand. */
const REACH = 5;

/**
 * The rate at which the loss falls fastest, per factor of the rate: the least slope of losses over the logarithm of rates,
 * each by least squares over eleven points. Beyond the lowest loss none is looked for.
 *
 * @returns nothing where the loss never falls, or there are too few points
 */
export function steepestRate(points: readonly RatePoint[]): number | undefined {
  const losses = points.map(({ loss }) => loss);
  const lowest = losses.indexOf(Math.min(...losses));
  let best: number | undefined;
  let least = 0;
  for (let i = REACH; i <= lowest - 1 && i + REACH < points.length; i++) {
    const slope = slopeAt(points.slice(i - REACH, i + REACH + 1));
    if (slope >= least) continue;
    least = slope;
    best = points[i].learningRate;
  }
  return best;
}

/** Of the loss over ln(rate), by least squares. */
function slopeAt(points: readonly RatePoint[]): number {
  const xs = points.map(({ learningRate }) => Math.log(learningRate));
  const meanX = xs.reduce((a, b) => a + b) / xs.length;
  const meanY = points.reduce((sum, { loss }) => sum + loss, 0) / points.length;
  let products = 0;
  let squares = 0;
  for (const [i, x] of xs.entries()) {
    products += (x - meanX) * (points[i].loss - meanY);
    squares += (x - meanX) ** 2;
  }
  return products / squares;
}
