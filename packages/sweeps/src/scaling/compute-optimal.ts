import { portableExp, portableLog } from '@llm101/info-theory';
import { checkPositive } from './numbers.js';
import { predictLoss, type ScalingLaw } from './scaling-law.js';

/** How a budget buys parameters and tokens. */
export interface ComputeOptions {
  /** FLOP that training takes for a parameter and a token. Default: 6, two of the forward pass and four of the backward pass. */
  readonly flopPerParameterToken?: number;
  /**
   * FLOP that training a model of N parameters takes a token, where N alone decides it, as with a family of models of one shape. It rises
   * with N. Default: `flopPerParameterToken · N`.
   */
  readonly flopPerToken?: (parameters: number) => number;
}

/** The best model for a budget. */
export interface ComputeOptimum {
  readonly flop: number;
  /** N*, not rounded. */
  readonly parameters: number;
  /** D*, not rounded. */
  readonly tokens: number;
  /** L(N*, D*), in nats a token. */
  readonly loss: number;
}

/** Logarithms of N between which the best is looked for where a function gives the FLOP. */
const [LEAST, MOST] = [-200, 200];

/** Each step keeps the golden part of a range: 120 narrow it to a double's last digits. */
const [GOLDEN, STEPS] = [(Math.sqrt(5) - 1) / 2, 120];

/**
 * The N and D that a law gives the lowest loss for a budget of training FLOP. With `C = 6 N D` they are
 * `N* = G (C / 6)^(beta / (alpha + beta))` and `D* = C / (6 N*)`, where `G = (alpha A / (beta B))^(1 / (alpha + beta))`; with FLOP
 * given by a function they are found by a golden section over ln N.
 *
 * Source: Hoffmann et al. (2022), https://arxiv.org/abs/2203.15556, equation 4.
 *
 * @param flop - above 0
 * @throws RangeError when the budget isn't above 0, or the law has no best size, as where an exponent isn't above 0
 */
export function computeOptimal(
  law: ScalingLaw,
  flop: number,
  { flopPerParameterToken = 6, flopPerToken }: ComputeOptions = {},
): ComputeOptimum {
  checkPositive('computeOptimal: flop', flop, 'it');
  checkPositive('computeOptimal: flopPerParameterToken', flopPerParameterToken, 'it');
  const { A, B, alpha, beta } = law;
  for (const [key, value] of Object.entries({ A, B, alpha, beta })) {
    if (!(value > 0 && value < Infinity))
      throw new RangeError(
        `computeOptimal: ${key} of the law must be above 0, or no size is the best; got ${value}`,
      );
  }
  if (flopPerToken !== undefined) return bySearch(law, flop, flopPerToken);
  const pairs = flop / flopPerParameterToken; // N D
  const ratio = portableLog(alpha) + portableLog(A) - portableLog(beta) - portableLog(B);
  const lnN = (ratio + beta * portableLog(pairs)) / (alpha + beta);
  const parameters = exp(lnN);
  const tokens = exp(portableLog(pairs) - lnN);
  return { flop, parameters, tokens, loss: predictLoss(law, { parameters, tokens }) };
}

/** The best sizes for each of some budgets, between two and evenly spread over their logarithms. */
export function frontier(
  law: ScalingLaw,
  { from, to, count }: { readonly from: number; readonly to: number; readonly count: number },
  options?: ComputeOptions,
): ComputeOptimum[] {
  if (!Number.isInteger(count) || count < 2 || count > 10_000)
    throw new RangeError(`frontier: count must be a whole number from 2 to 10,000; got ${count}`);
  checkPositive('frontier: from', from, 'it');
  checkPositive('frontier: to', to, 'it');
  const [low, high] = [portableLog(from), portableLog(to)];
  return Array.from({ length: count }, (_, i) =>
    computeOptimal(law, exp(low + ((high - low) * i) / (count - 1)), options),
  );
}

function bySearch(
  law: ScalingLaw,
  flop: number,
  flopPerToken: (parameters: number) => number,
): ComputeOptimum {
  const at = (lnN: number): ComputeOptimum => {
    const parameters = exp(lnN);
    const tokens = flop / flopPerToken(parameters);
    const isSize = tokens > 1e-100 && tokens < 1e100;
    const loss = isSize ? predictLoss(law, { parameters, tokens }) : Infinity;
    return { flop, parameters, tokens, loss };
  };
  let [low, high] = [LEAST, MOST];
  let left = at(high - GOLDEN * (high - low));
  let right = at(low + GOLDEN * (high - low));
  for (let step = 0; step < STEPS; step++) {
    if (left.loss <= right.loss) {
      high = low + GOLDEN * (high - low);
      right = left;
      left = at(high - GOLDEN * (high - low));
    } else {
      low = high - GOLDEN * (high - low);
      left = right;
      right = at(low + GOLDEN * (high - low));
    }
  }
  const best = at((low + high) / 2);
  checkPositive(
    'computeOptimal: flopPerToken',
    flop / best.tokens,
    `that of ${best.parameters} parameters`,
  );
  return best;
}

function exp(x: number): number {
  if (x >= -690 && x <= 690) return portableExp(x);
  throw new RangeError(
    `computeOptimal: the best size must be a double; its logarithm is ${x}; the law isn't decided by its points`,
  );
}
