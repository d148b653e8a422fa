import type { Plan } from './plan-of-memory.js';

/** What runs where in a compiled step. */
export interface Account {
  /** How often each kernel of this package is called in a step. */
  readonly kernels: Readonly<Record<string, number>>;
  /** How often each kernel of tfjs is called through JavaScript, which is slow. */
  readonly fallbacks: Readonly<Record<string, number>>;
  /** Memory of inputs, constants and intermediate values. */
  readonly arenaBytes: number;
  /** Whether products are fused multiply-adds, which round once. */
  readonly relaxedSimd: boolean;
}

/** Counts the calls of a plan. */
export function account(plan: Plan, relaxedSimd: boolean): Account {
  const { instructions, arenaBytes } = plan;
  const kernels: Record<string, number> = {};
  const fallbacks: Record<string, number> = {};
  for (const { name, call } of instructions) {
    const counts = call.kind === 'tfjs' ? fallbacks : kernels;
    const names = call.kind === 'kernels' ? plan.stepsOf(call).map(({ kernel }) => kernel) : [name];
    for (const called of names) counts[called] = (counts[called] ?? 0) + 1;
  }
  return { kernels, fallbacks, arenaBytes, relaxedSimd };
}
