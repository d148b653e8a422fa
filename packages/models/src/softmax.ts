/**
 * Probabilities from one row of scores, `exp(z / temperature)` over their sum, in double. A temperature of 0 puts
 * everything on the highest score (the first of equals).
 */
export function softmax(scores: ArrayLike<number>, temperature: number): Float64Array {
  const z = Float64Array.from(scores);
  const most = z.reduce((a, b) => Math.max(a, b), -Infinity);
  if (temperature === 0) {
    const winner = z.indexOf(most);
    return z.map((_, i) => (i === winner ? 1 : 0));
  }
  const weights = z.map((score) => Math.exp((score - most) / temperature));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}
