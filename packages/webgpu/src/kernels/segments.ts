import { sizeOf, type GraphNode } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';

/** Invocations of a group. */
const SIZE = 64;

/**
 * The sum of the rows that have the same id, as the gradient of an embedding is: each result looks through all ids and adds up its rows in their
 * order, so that nothing depends on which comes first.
 */
export function segmentSum(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x, ids] = node.inputs;
  const [out] = node.outputs;
  const segments = Number(node.attrs['numSegments']);
  const width = sizeOf(out) / Math.max(segments, 1);
  const count = sizeOf(ids);
  if (sizeOf(out) === 0) return [];
  if (x.dtype !== 'float32')
    throw new Error(
      `compile: WebGPU has no kernel for ${node.kernel} of ${x.dtype}; cast to float32`,
    );
  const kernel = new Kernel(context, node.kernel);
  const wide = Math.ceil(width / SIZE);
  kernel.declare(`var<workgroup> ids: array<i32, ${SIZE}>;`);
  // The group reads ids together, and then each invocation all of them.
  const body = `let segment = group / ${wide}u;
let column = (group % ${wide}u) * ${SIZE}u + local;
var total = 0.0f;
for (var start = 0u; start < ${count}u; start += ${SIZE}u) {
if (start + local < ${count}u) { ids[local] = ${kernel.at(ids, 'start + local')}; }
workgroupBarrier();
var part = 0.0f;
let end = min(${SIZE}u, ${count}u - start);
for (var k = 0u; k < end; k++) {
if (ids[k] == i32(segment) && column < ${width}u) { part += ${kernel.at(x, `(start + k) * ${width}u + column`)}; }
}
total += part;
workgroupBarrier();
}
if (column < ${width}u) { ${kernel.store(out, `segment * ${width}u + column`, 'total')} }`;
  return [kernel.dispatch(body, { size: SIZE, groups: segments * wide })];
}
