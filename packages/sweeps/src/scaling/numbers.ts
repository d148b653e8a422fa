/** Numbers whose logarithms and powers stay finite. */
const [SMALLEST, LARGEST] = [1e-100, 1e100];

/** @throws RangeError unless it is a number above 0 of a usual size */
export function checkPositive(rule: string, value: number, what: string): void {
  if (value >= SMALLEST && value <= LARGEST) return;
  throw new RangeError(
    `${rule} must be a number above 0, from ${SMALLEST} to ${LARGEST}; ${what} is ${value}`,
  );
}

/** @throws RangeError unless it lies between 0 and 1 */
export function checkConfidence(where: string, confidence: number): void {
  if (confidence > 0 && confidence < 1) return;
  throw new RangeError(`${where}: confidence must be a number between 0 and 1; got ${confidence}`);
}
