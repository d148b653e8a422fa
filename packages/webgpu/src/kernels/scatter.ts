import {
  sizeOf,
  stridesOf,
  type GraphNode,
  type NumericType,
  type Value,
} from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { literal } from '../wgsl/types.js';
import { given } from '../pointwise/activations.js';
import { converted } from '../pointwise/operands.js';

// What goes to places that tensors name: each result looks through all of them in their order, so that nothing depends on which comes first.

/** One invocation for each element of an output, at `i`. */
function eachResult(
  node: GraphNode,
  context: KernelContext,
  body: (kernel: Kernel) => string,
): Dispatch[] {
  const count = sizeOf(node.outputs[0]);
  if (count === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  return [kernel.each(count, body(kernel))];
}

/** The type that elements are added up in. */
const summed = ({ dtype }: Value): NumericType => (dtype === 'bool' ? 'int32' : dtype);

/** `ScatterNd`: the sum of the updates of each place; `TensorScatterUpdate`: a tensor whose slices are replaced, the last update counts. */
export function scatter(node: GraphNode, context: KernelContext): Dispatch[] {
  const [indices, updates] = ['indices', 'updates'].map((name) => given(node, name));
  const [out] = node.outputs;
  const depth = indices.shape.at(-1) ?? 1;
  const inner = sizeOf({ shape: out.shape.slice(depth) });
  const strides = stridesOf(out.shape.slice(0, depth));
  return eachResult(node, context, (kernel) => {
    const type = summed(out);
    const isSum = node.kernel === 'ScatterNd';
    const update = converted(
      kernel,
      kernel.at(updates, `k * ${inner}u + i % ${inner}u`),
      updates.dtype,
      type,
    );
    const start = isSum
      ? literal(0, { dtype: type })
      : converted(kernel, kernel.at(given(node, 'tensor'), 'i'), out.dtype, type);
    const terms = strides.map(
      (stride, axis) => `${kernel.at(indices, `k * ${depth}u + ${axis}u`)} * ${stride}i`,
    );
    return `var value = ${start};
for (var k = 0u; k < ${sizeOf(indices) / depth}u; k++) {
if (${terms.join(' + ')} == i32(i / ${inner}u)) { value ${isSum ? '+=' : '='} ${update}; }
}
${kernel.store(out, 'i', converted(kernel, 'value', type, out.dtype))}`;
  });
}

/** `Bincount` and `DenseBincount`: how often each number occurs in a row, or what weights it has there. */
export function counts(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x, weights] = ['x', 'weights'].map((name) => given(node, name));
  const [out] = node.outputs;
  const bins = out.shape.at(-1) ?? 1;
  const n = (sizeOf(x) * bins) / Math.max(sizeOf(out), 1); // of each row of bins
  return eachResult(node, context, (kernel) => {
    const type = summed(out);
    const one = literal(1, { dtype: type });
    const isBinary = node.attrs['binaryOutput'] === true;
    const weight =
      isBinary || sizeOf(weights) === 0
        ? one
        : converted(kernel, kernel.at(weights, 'k'), weights.dtype, type);
    return `var value = ${literal(0, { dtype: type })};
let first = i / ${bins}u * ${n}u;
for (var k = first; k < first + ${n}u; k++) {
if (${kernel.at(x, 'k')} == i32(i % ${bins}u)) { value ${isBinary ? '=' : '+='} ${weight}; }
}
${kernel.store(out, 'i', converted(kernel, 'value', type, out.dtype))}`;
  });
}

/** `SearchSorted`: where in its row of sorted numbers each value belongs, before or behind equal ones. */
export function searchSorted(node: GraphNode, context: KernelContext): Dispatch[] {
  const [sorted, values] = ['sortedSequence', 'values'].map((name) => given(node, name));
  const [n, m] = [sorted, values].map(({ shape }) => shape.at(-1) ?? 1);
  const isLeft = node.attrs['side'] === 'left';
  return eachResult(
    node,
    context,
    (kernel) => `let value = ${kernel.at(values, 'i')};
let first = i / ${m}u * ${n}u;
var low = 0u;
var high = ${n}u;
while (low < high) {
let middle = (low + high) / 2u;
let isBefore = ${isLeft ? `${kernel.at(sorted, 'first + middle')} < value` : `!(value < ${kernel.at(sorted, 'first + middle')})`};
if (isBefore) { low = middle + 1u; } else { high = middle; }
}
${kernel.store(node.outputs[0], 'i', 'i32(low)')}`,
  );
}
