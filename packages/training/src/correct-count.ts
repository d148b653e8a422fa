/**
 * How many rows have their highest score at the target (the first of equal ones counts).
 *
 * @param logits - `[B, V]` row-major
 * @param targets - `[B]`
 */
export function correctCount(logits: ArrayLike<number>, targets: ArrayLike<number>): number {
  const V = logits.length / targets.length;
  let correct = 0;
  for (let row = 0; row < targets.length; row++) {
    const start = row * V;
    let best = 0;
    for (let v = 1; v < V; v++) if (logits[start + v] > logits[start + best]) best = v;
    if (best === targets[row]) correct++;
  }
  return correct;
}
