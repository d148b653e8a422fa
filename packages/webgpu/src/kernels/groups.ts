import type { Kernel } from '../wgsl/kernel.js';

/** Declares how a group adds up, or finds the largest of, one number of each invocation, in a tree that is always the same. */
export function groupSum(kernel: Kernel, size: number): void {
  kernel.declare(`var<workgroup> shared_: array<f32, ${size}>;
fn group_sum(x: f32, local: u32) -> f32 {
  shared_[local] = x;
  workgroupBarrier();
${halves(size, (a, b) => `${a} + ${b}`)}
  let total = shared_[0];
  workgroupBarrier();
  return total;
}`);
}

/** The same of the largest; NaN counts as the largest. */
export function groupMax(kernel: Kernel, size: number): void {
  kernel.declare(`var<workgroup> shared_max: array<f32, ${size}>;
fn larger(a: f32, b: f32) -> f32 { return select(select(max(a, b), b, is_nan(b)), a, is_nan(a)); }
fn group_max(x: f32, local: u32) -> f32 {
  shared_max[local] = x;
  workgroupBarrier();
${halves(size, (a, b) => `larger(${a}, ${b})`).replaceAll('shared_[', 'shared_max[')}
  let most = shared_max[0];
  workgroupBarrier();
  return most;
}`);
}

function halves(size: number, join: (a: string, b: string) => string): string {
  const steps: string[] = [];
  for (let half = size / 2; half >= 1; half /= 2) {
    steps.push(
      `  if (local < ${half}u) { shared_[local] = ${join('shared_[local]', `shared_[local + ${half}u]`)}; }`,
      '  workgroupBarrier();',
    );
  }
  return steps.join('\n');
}

/** Invocations for rows of so many elements: a power of 2. */
export const rowSize = (n: number): number => (n <= 32 ? 32 : n <= 64 ? 64 : n <= 256 ? 128 : 256);
