import { erf } from './erf.js';

/** How Φ, the distribution function of the standard normal, is computed: by `erf`, or near it by `tanh`. */
export type GeluForm = 'none' | 'tanh';

const SCALE = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** `x Φ(x)`: `torch.nn.functional.gelu(x, approximate=form)`. */
export function gelu(x: number, form: GeluForm): number {
  return x * phi(x, form);
}

/** The derivative of {@link gelu}. */
export function geluDerivative(x: number, form: GeluForm): number {
  if (Math.abs(x) > 100) return x > 0 ? 1 : 0;
  const share = phi(x, form);
  if (form === 'none') return share + (x * Math.exp(-x * x * 0.5)) / Math.sqrt(2 * Math.PI);
  const slope = SCALE * (1 + 3 * CUBIC * x * x);
  return share + x * share * sigmoid(-argument(x)) * slope;
}

function phi(x: number, form: GeluForm): number {
  return form === 'none' ? 0.5 * (1 + erf(x / Math.SQRT2)) : sigmoid(argument(x));
}

/** `(1 + tanh u) / 2` is the sigmoid of 2 u. */
const argument = (x: number): number => SCALE * x * (1 + CUBIC * x * x);

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
