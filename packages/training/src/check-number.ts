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
