import { portableLog } from '@llm101/info-theory';
import { boundedExp } from './bounded-exp.js';
import { checkPositive } from './numbers.js';

/**
 * The loss of a model of N parameters that was trained on D tokens, `L = E + A / N^alpha + B / D^beta`, in nats a token. E is the entropy
 * of the text, which no model gets below; the second term is what a model of N parameters misses however long it is trained, the third
 * what D tokens leave unknown.
 *
 * Source: Hoffmann et al. (2022), https://arxiv.org/abs/2203.15556, equation 2.
 */
export interface ScalingLaw {
  /** In nats. */
  readonly E: number;
  /** In nats; N counts single parameters. */
  readonly A: number;
  /** In nats; D counts single tokens. */
  readonly B: number;
  readonly alpha: number;
  readonly beta: number;
}

/** A run as a scaling law sees it. */
export interface ScalingPoint {
  /** N, above 0. */
  readonly parameters: number;
  /** D: tokens that it was trained on, repeats included; above 0. */
  readonly tokens: number;
  /** L, above 0; of text that is held out, in nats a token. */
  readonly loss: number;
}

/**
 * What a law says of a model of N parameters after D tokens, in nats a token.
 *
 * @throws RangeError unless both are finite and above 0
 */
export function predictLoss(
  { E, A, B, alpha, beta }: ScalingLaw,
  { parameters, tokens }: Pick<ScalingPoint, 'parameters' | 'tokens'>,
): number {
  checkPositive('predictLoss: N', parameters, 'it');
  checkPositive('predictLoss: D', tokens, 'it');
  return E + A * power(parameters, -alpha) + B * power(tokens, -beta);
}

/** `x^exponent`, with the same bits in every engine. */
export const power = (x: number, exponent: number): number => boundedExp(exponent * portableLog(x));
