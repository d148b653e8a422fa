import { firstDifference } from './compare-graphs.js';
import type { StepOutput } from './step-output.js';
import type { Trace } from './trace.js';

/** Why the second of two recordings of a step can't be replayed, or nothing. */
export function firstProblem(
  before: Trace<StepOutput>,
  after: Trace<StepOutput>,
): string | undefined {
  if (after.created.length > 0) {
    return (
      `compile: a step must not make variables at each call; got ${after.created.join(', ')}; ` +
      'make them before, or at the first call only'
    );
  }
  const difference = firstDifference(before.graph, after.graph);
  if (difference !== undefined) return difference;
  if (after.kept !== 0) {
    return (
      `compile: a step must leave as many tensors alive as it finds, but for what it returns; got ${after.kept} more; ` +
      'return them, or hold them in variables that it assigns to'
    );
  }
  return undefined;
}
