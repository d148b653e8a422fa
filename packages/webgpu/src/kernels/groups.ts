import type { Kernel } from '../wgsl/kernel.js';

/** How numbers are joined. */
export interface Joining {
  readonly by: 'sum' | 'product' | 'max' | 'min';
  readonly type: 'f32' | 'i32';
}

/** Two numbers joined; NaN counts as the largest and the smallest. */
export function joined(kernel: Kernel, { by, type }: Joining, a: string, b: string): string {
  if (by === 'sum') return `${a} + ${b}`;
  if (by === 'product') return `${a} * ${b}`;
  if (type === 'i32') return `${by}(${a}, ${b})`;
  const name = by === 'max' ? 'larger' : 'smaller';
  kernel.declare(
    `fn ${name}(a: f32, b: f32) -> f32 { return select(select(${by}(a, b), b, is_nan(b)), a, is_nan(a)); }`,
  );
  return `${name}(${a}, ${b})`;
}

/** Declares how a group joins one number of each invocation, in a tree that is always the same. @returns the function's name */
export function joinGroup(kernel: Kernel, joining: Joining, size: number): string {
  const { by, type } = joining;
  const numbers = `shared_${by}`;
  const steps: string[] = [];
  for (let half = size / 2; half >= 1; half /= 2) {
    const both = joined(kernel, joining, `${numbers}[local]`, `${numbers}[local + ${half}u]`);
    steps.push(`  if (local < ${half}u) { ${numbers}[local] = ${both}; }`, '  workgroupBarrier();');
  }
  kernel.declare(`var<workgroup> ${numbers}: array<${type}, ${size}>;
fn group_${by}(x: ${type}, local: u32) -> ${type} {
  ${numbers}[local] = x;
  workgroupBarrier();
${steps.join('\n')}
  let total = ${numbers}[0];
  workgroupBarrier();
  return total;
}`);
  return `group_${by}`;
}

/** Declares `group_sum` of float32. */
export const groupSum = (kernel: Kernel, size: number): string =>
  joinGroup(kernel, { by: 'sum', type: 'f32' }, size);

/** Declares `group_max` of float32, and `larger` of two. */
export const groupMax = (kernel: Kernel, size: number): string =>
  joinGroup(kernel, { by: 'max', type: 'f32' }, size);

/** Invocations for rows of so many elements: a power of 2. */
export const rowSize = (n: number): number => (n <= 32 ? 32 : n <= 64 ? 64 : n <= 256 ? 128 : 256);
