/** Limits of a number; `above` and `below` are outside. */
export interface Limits {
  readonly above?: number;
  readonly least?: number;
  readonly below?: number;
}

/** @throws RangeError unless the number is finite and within the limits */
export function checkNumber(what: string, value: number, { above, least, below }: Limits): void {
  const isWithin =
    (above === undefined || value > above) &&
    (least === undefined || value >= least) &&
    (below === undefined || value < below);
  if (Number.isFinite(value) && isWithin) return;
  const rules = [
    above === undefined ? '' : `above ${above}`,
    least === undefined ? '' : `at least ${least}`,
    below === undefined ? '' : `below ${below}`,
  ].filter((rule) => rule !== '');
  throw new RangeError(`${what} must be finite and ${rules.join(' and ')}; got ${value}`);
}

/** @throws RangeError unless the value is a whole number of at least `least` */
export function checkWhole(what: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${what} must be a whole number of at least ${least}; got ${value}`);
  }
}

/** @throws RangeError unless the learning rate is finite and above 0 */
export function checkLearningRate(where: string, learningRate: number): void {
  if (!Number.isFinite(learningRate) || learningRate <= 0) {
    throw new RangeError(
      `${where}: learningRate must be finite and above 0; got ${learningRate}, try 0.01`,
    );
  }
}

/** Whether a value read from JSON is an object with names. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether it is a whole number from 0 on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Whether it is a finite number. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
