import { sizeOf, type GraphNode } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import type { KernelContext } from '../wgsl/kernel.js';
import { pointwise } from '../pointwise/index.js';
import { pointwiseDispatches } from './pointwise.js';

/** Tensors that one kernel adds up: each has a buffer. */
const MOST = 6;

/** `AddN`: some tensors at a time, to the sum of those before. */
export function sumOfMany(node: GraphNode, context: KernelContext): Dispatch[] {
  const compute = pointwise['AddN'];
  if (compute === undefined || sizeOf(node.outputs[0]) === 0) return [];
  const [first, ...others] = node.inputs;
  let sum = first;
  const dispatches: Dispatch[] = [];
  do {
    const inputs = [sum, ...others.splice(0, MOST - 1)];
    for (const dispatch of pointwiseDispatches({ ...node, inputs }, compute, context))
      dispatches.push(dispatch);
    [sum] = node.outputs;
  } while (others.length > 0);
  return dispatches;
}
