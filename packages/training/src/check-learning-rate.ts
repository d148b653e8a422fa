/** @throws RangeError unless the learning rate is finite and above 0 */
export function checkLearningRate(where: string, learningRate: number): void {
  if (!Number.isFinite(learningRate) || learningRate <= 0) {
    throw new RangeError(
      `${where}: learningRate must be finite and above 0; got ${learningRate}, try 0.01`,
    );
  }
}
