import { inputNamed, sizeOf, type GraphNode } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { broadcastAxes, placeOf } from '../wgsl/indices.js';
import { float } from '../wgsl/types.js';
import { given } from '../pointwise/activations.js';
import { fusedActivation } from '../pointwise/rectifiers.js';
import { groupSum, rowSize } from './groups.js';
import { eachElement, filterWindows, meeting, windowAt } from './windows.js';

/** `DepthwiseConv2dNative`, and `FusedDepthwiseConv2D` with bias and activation: each channel by filters of its own. */
export function depthwise(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x, filter] = ['x', 'filter'].map((name) => given(node, name));
  const [out] = node.outputs;
  const sizes = { image: x.shape, filter: filter.shape, out: out.shape };
  const windows = filterWindows(node, sizes, true);
  const { image, filter: places, channels } = windows;
  const [, , , each] = filter.shape;
  return eachElement(node, context, out, (kernel) => {
    const [bias, alpha] = ['bias', 'preluActivationWeights'].map((name) => {
      const value = inputNamed(node, name);
      return value && kernel.at(value, placeOf('i', broadcastAxes(value.shape, out.shape)));
    });
    const { activation, leakyreluAlpha } = node.attrs;
    const y =
      typeof activation === 'string'
        ? fusedActivation(kernel, activation, 'y', alpha ?? float(Number(leakyreluAlpha)))
        : 'y';
    return `var sum = 0.0f;
for (var f = 0u; f < ${places[0] * places[1]}u; f++) {
let row = ${meeting(windows, 0, 'h', `(f / ${places[1]}u)`)};
let column = ${meeting(windows, 1, 'w', `(f % ${places[1]}u)`)};
if (row < ${image[0]}u && column < ${image[1]}u) {
sum += ${kernel.at(x, `((b * ${image[0]}u + row) * ${image[1]}u + column) * ${channels}u + c / ${each}u`)} * ${kernel.at(filter, `f * ${channels * each}u + c`)};
}
}
let y = sum${bias === undefined ? '' : ` + ${bias}`};
${kernel.store(out, 'i', y)}`;
  });
}

/** Its gradient for x. */
export function depthwiseInputGradient(node: GraphNode, context: KernelContext): Dispatch[] {
  const [dy, filter] = ['dy', 'filter'].map((name) => given(node, name));
  const [out] = node.outputs;
  const sizes = { image: out.shape, filter: filter.shape, out: dy.shape };
  const windows = filterWindows(node, sizes, true);
  const { filter: places, out: around, channels } = windows;
  const [, , , each] = filter.shape;
  const rows = windowAt(windows, 0, 'h', `(f / ${places[1]}u)`);
  const columns = windowAt(windows, 1, 'w', `(f % ${places[1]}u)`);
  return eachElement(
    node,
    context,
    out,
    (kernel) => `var sum = 0.0f;
for (var f = 0u; f < ${places[0] * places[1]}u; f++) {
if (${rows.meets} && ${columns.meets}) {
let first = ((b * ${around[0]}u + ${rows.window}) * ${around[1]}u + ${columns.window}) * ${channels * each}u + c * ${each}u;
for (var q = 0u; q < ${each}u; q++) { sum += ${kernel.at(dy, 'first + q')} * ${kernel.at(filter, `(f * ${channels}u + c) * ${each}u + q`)}; }
}
}
${kernel.store(out, 'i', 'sum')}`,
  );
}

/** Its gradient for the filter: a group an element, over all places of the output. */
export function depthwiseFilterGradient(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x, dy] = ['x', 'dy'].map((name) => given(node, name));
  const [filter] = node.outputs;
  const sizes = { image: x.shape, filter: filter.shape, out: dy.shape };
  const windows = filterWindows(node, sizes, true);
  const { image, out, filter: places, channels, batch } = windows;
  const [, , , each] = filter.shape;
  if (sizeOf(filter) === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  const count = batch * out[0] * out[1];
  const size = rowSize(count);
  groupSum(kernel, size);
  const body = `let f = group / ${channels * each}u;
let c = group % ${channels * each}u;
var sum = 0.0f;
for (var k = local; k < ${count}u; k += ${size}u) {
let row = ${meeting(windows, 0, `((k / ${out[1]}u) % ${out[0]}u)`, `(f / ${places[1]}u)`)};
let column = ${meeting(windows, 1, `(k % ${out[1]}u)`, `(f % ${places[1]}u)`)};
if (row < ${image[0]}u && column < ${image[1]}u) {
let b = k / ${out[0] * out[1]}u;
sum += ${kernel.at(x, `((b * ${image[0]}u + row) * ${image[1]}u + column) * ${channels}u + c / ${each}u`)} * ${kernel.at(dy, `k * ${channels * each}u + c`)};
}
}
sum = group_sum(sum, local);
if (local == 0u) { ${kernel.store(filter, 'group', 'sum')} }`;
  return [kernel.dispatch(body, { size, groups: sizeOf(filter) })];
}
