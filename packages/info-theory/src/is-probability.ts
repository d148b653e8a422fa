/** Whether a value is a number from 0 to 1; false for NaN. */
export function isProbability(value: number): boolean {
  return Number.isFinite(value) && value >= 0 && value <= 1;
}
