import { sizeOf, stridesOf, type GraphNode } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { placeOf } from '../wgsl/indices.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { converted } from '../pointwise/operands.js';
import { joined, rowSize } from './groups.js';

/**
 * `Cumsum` or `Cumprod` along an axis: a group a line, some elements at a time. Among these each invocation joins what lies 1, 2, 4 … before
 * it, so that the order is always the same.
 */
export function cumulative(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x] = node.inputs;
  const [out] = node.outputs;
  const { axis: given, exclusive, reverse } = node.attrs;
  const axis = Number(given) < 0 ? Number(given) + x.shape.length : Number(given);
  if (sizeOf(out) === 0) return [];
  const strides = stridesOf(x.shape);
  const n = x.shape[axis];
  const others = x.shape
    .map((size, i) => ({ size, stride: strides[i] }))
    .filter((_, i) => i !== axis);
  const kernel = new Kernel(context, node.kernel);
  const isFloat = out.dtype === 'float32';
  const joining = {
    by: node.kernel === 'Cumsum' ? 'sum' : 'product',
    type: isFloat ? 'f32' : 'i32',
  } as const;
  const nothing = `${joining.by === 'sum' ? 0 : 1}${isFloat ? '.0f' : 'i'}`;
  const size = rowSize(n);
  kernel.declare(`var<workgroup> line_: array<${joining.type}, ${size}>;`);
  const place = (k: string): string =>
    `first + ${reverse === true ? `(${n - 1}u - (${k}))` : k} * ${strides[axis]}u`;
  const element = converted(kernel, kernel.at(x, place('k')), x.dtype, out.dtype);
  const steps: string[] = [];
  for (let apart = 1; apart < size; apart *= 2) {
    const both = joined(kernel, joining, `line_[local - ${apart}u]`, 'own');
    steps.push(`if (local >= ${apart}u) { own = ${both}; }
workgroupBarrier();
line_[local] = own;
workgroupBarrier();`);
  }
  const isAfter = exclusive !== true;
  const body = `let first = ${placeOf('group', others)};
var before = ${nothing};
for (var start = 0u; start < ${n}u; start += ${size}u) {
let k = start + local;
var own = ${nothing};
if (k < ${n}u) { own = ${element}; }
line_[local] = own;
workgroupBarrier();
${steps.join('\n')}
${isAfter ? '' : `own = ${nothing};\nif (local > 0u) { own = line_[local - 1u]; }`}
if (k < ${n}u) { ${kernel.store(out, place('k'), joined(kernel, joining, 'before', 'own'))} }
before = ${joined(kernel, joining, 'before', `line_[${size - 1}u]`)};
workgroupBarrier();
}`;
  return [kernel.dispatch(body, { size, groups: sizeOf(out) / n })];
}
