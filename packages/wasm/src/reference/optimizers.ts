/** One number of a parameter, its gradient, and where the training is. */
interface Update {
  readonly w: number;
  readonly gradient: number;
  readonly rate: number;
  /** 1 at the first step. */
  readonly step: number;
  readonly weightDecay: number;
}

/** An {@link Update} with momentum. */
export interface MomentumUpdate extends Update {
  readonly velocity: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly nesterov: boolean;
}

/** `torch.optim.SGD`, in double precision. */
export function momentumReference(update: MomentumUpdate): { w: number; velocity: number } {
  const { w, gradient, velocity, momentum, dampening, nesterov, rate, step, weightDecay } = update;
  const g = gradient + weightDecay * w;
  const isFirst = step <= 1 || momentum === 0;
  const next = isFirst ? g : momentum * velocity + (1 - dampening) * g;
  return { w: w - rate * (nesterov ? g + momentum * next : next), velocity: next };
}

/** An {@link Update} with the means of gradients and of their squares. */
export interface AdamUpdate extends Update {
  readonly first: number;
  readonly second: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Whether the decay is AdamW's, of the weight and not of the gradient. */
  readonly decoupled: boolean;
}

/** An {@link Update} that keeps a mean of weights in place of a schedule. */
export interface ScheduleFreeUpdate extends Update {
  readonly z: number;
  readonly second: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** The weight of this step in the mean. */
  readonly share: number;
}

/** `AdamWScheduleFree` of the Python package `schedulefree`, in double precision; w is its y. */
export function scheduleFreeReference(update: ScheduleFreeUpdate): {
  w: number;
  z: number;
  second: number;
} {
  const { w, gradient: g, beta1, beta2, epsilon, rate, step, weightDecay, share } = update;
  const z = step <= 1 ? w : update.z;
  const second = beta2 * update.second + (1 - beta2) * g * g;
  const change = g / (Math.sqrt(second / (1 - beta2 ** step)) + epsilon) + weightDecay * w;
  const pull = rate * (beta1 * (1 - share) - 1);
  return { w: w + (z - w) * share + pull * change, z: z - rate * change, second };
}

/** `torch.optim.Adam` and `AdamW`, in double precision. */
export function adamReference(update: AdamUpdate): { w: number; first: number; second: number } {
  const { w, gradient, beta1, beta2, epsilon, rate, step, weightDecay, decoupled } = update;
  const g = decoupled ? gradient : gradient + weightDecay * w;
  const first = update.first + (1 - beta1) * (g - update.first);
  const second = beta2 * update.second + (1 - beta2) * g * g;
  const scale = Math.sqrt(second) / Math.sqrt(1 - beta2 ** step) + epsilon;
  const kept = decoupled ? w * (1 - rate * weightDecay) : w;
  return { w: kept - ((rate / (1 - beta1 ** step)) * first) / scale, first, second };
}
