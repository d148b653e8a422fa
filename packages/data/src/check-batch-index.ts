/** @throws RangeError unless a pass of so many batches can go on at this one */
export function checkBatchIndex(batchIndex: number, length: number): void {
  if (Number.isInteger(batchIndex) && batchIndex >= 0 && batchIndex <= length) return;
  throw new RangeError(
    `Pass.from: batchIndex must be a whole number from 0 to ${length}; got ${batchIndex}`,
  );
}
