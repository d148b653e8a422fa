import { sizeOf, stridesOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { placeOf } from '../wgsl/indices.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { literal } from '../wgsl/types.js';
import { converted } from '../pointwise/operands.js';
import { rowSize } from './groups.js';

/** Declares how a group finds the better of two numbers for each invocation, and then of all: of equal ones the first. */
function findBest(kernel: Kernel, type: 'f32' | 'i32', size: number, than: '<' | '>'): void {
  const steps: string[] = [];
  for (let half = size / 2; half >= 1; half /= 2) {
    steps.push(
      `  if (local < ${half}u) { best_[local] = better(best_[local], best_[local + ${half}u]); }`,
      '  workgroupBarrier();',
    );
  }
  kernel.declare(`struct Best { value: ${type}, place: u32 }
var<workgroup> best_: array<Best, ${size}>;
fn better(a: Best, b: Best) -> Best {
  if (b.value ${than} a.value || (b.value == a.value && b.place < a.place)) { return b; }
  return a;
}
fn group_best(x: Best, local: u32) -> Best {
  best_[local] = x;
  workgroupBarrier();
${steps.join('\n')}
  let found = best_[0];
  workgroupBarrier();
  return found;
}`);
}

const typeOf = ({ dtype }: Value): 'f32' | 'i32' => (dtype === 'float32' ? 'f32' : 'i32');

/** An element, bool as int32. */
const element = (kernel: Kernel, x: Value, place: string): string =>
  converted(kernel, kernel.at(x, place), x.dtype, x.dtype === 'bool' ? 'int32' : x.dtype);

/** `ArgMax` or `ArgMin` along an axis: the first place of the largest or smallest value. NaN that isn't the first is passed over, as tfjs does. */
export function placeOfExtreme(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x] = node.inputs;
  const [out] = node.outputs;
  const [named] = [node.attrs['axis'] ?? 0].flat().map(Number);
  const axis = named < 0 ? named + x.shape.length : named;
  if (sizeOf(out) === 0) return [];
  const strides = stridesOf(x.shape);
  const n = x.shape[axis];
  const others = x.shape
    .map((size, i) => ({ size, stride: strides[i] }))
    .filter((_, i) => i !== axis);
  const kernel = new Kernel(context, node.kernel);
  const size = rowSize(n);
  findBest(kernel, typeOf(x), size, node.kernel === 'ArgMax' ? '>' : '<');
  const body = `let first = ${placeOf('group', others)};
var best = Best(${element(kernel, x, 'first')}, 0u);
for (var k = local; k < ${n}u; k += ${size}u) { best = better(best, Best(${element(kernel, x, `first + k * ${strides[axis]}u`)}, k)); }
best = group_best(best, local);
if (local == 0u) { ${kernel.store(out, 'group', 'i32(best.place)')} }`;
  return [kernel.dispatch(body, { size, groups: sizeOf(out) })];
}

/** Whole numbers in the order of float32: NaN is the largest, zeros are the same. */
const ORDER = `fn order(x: f32) -> i32 {
  if (is_nan(x)) { return 0x7fffffffi; }
  if (x == 0.0f) { return 0i; }
  let bits = bitcast<i32>(x);
  return select(bits, bits ^ 0x7fffffffi, bits < 0i);
}`;

/**
 * The largest values of each row, and where they are: a group finds one after another, each the best behind the one before. NaN counts as the largest,
 * as in `torch.topk`.
 */
export function topK(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x] = node.inputs;
  const [values, indices] = node.outputs;
  const k = values.shape.at(-1) ?? 0;
  const n = x.shape.at(-1) ?? 1;
  if (sizeOf(values) === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  const size = rowSize(n);
  findBest(kernel, 'i32', size, '>');
  if (x.dtype === 'float32') kernel.declare(ORDER);
  const given = element(kernel, x, 'first + i');
  const least = literal(-(2 ** 31), { dtype: 'int32' });
  const body = `let first = group * ${n}u;
var before = Best(${least}, 0u);
for (var r = 0u; r < ${k}u; r++) {
var best = Best(${least}, ${n}u);
for (var i = local; i < ${n}u; i += ${size}u) {
let x = ${x.dtype === 'float32' ? `order(${given})` : given};
if (r == 0u || x < before.value || (x == before.value && i > before.place)) { best = better(best, Best(x, i)); }
}
best = group_best(best, local);
before = best;
if (local == 0u) {
${kernel.store(values, `group * ${k}u + r`, kernel.at(x, 'first + best.place'))}
${kernel.store(indices, `group * ${k}u + r`, 'i32(best.place)')}
}
}`;
  return [kernel.dispatch(body, { size, groups: sizeOf(x) / n })];
}
