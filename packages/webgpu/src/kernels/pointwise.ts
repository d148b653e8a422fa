import { sizeOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { Kernel, lineWriter, type KernelContext, type Pointwise } from '../wgsl/kernel.js';

/** Outputs of a kernel: each has a buffer. */
const MOST = 4;

/** Runs an operation that computes each element by itself: one kernel, or one for each size of its outputs. */
export function pointwiseDispatches(
  node: GraphNode,
  compute: Pointwise,
  context: KernelContext,
): Dispatch[] {
  const bySize = new Map<number, Value[]>();
  for (const value of node.outputs.filter(({ id }) => !context.inlined.has(id))) {
    bySize.set(sizeOf(value), [...(bySize.get(sizeOf(value)) ?? []), value]);
  }
  const several = [...bySize].flatMap(([size, all]) =>
    Array.from({ length: Math.ceil(all.length / MOST) }, (_, i) => ({
      size,
      outputs: all.slice(i * MOST, (i + 1) * MOST),
    })),
  );
  return several.flatMap(({ size, outputs }) => {
    if (size === 0) return [];
    const kernel = new Kernel(context, node.kernel);
    const lines: string[] = [];
    const line = lineWriter(lines);
    // All is read before anything is written: an output may lie where an input does.
    const computed = outputs.map((value) =>
      line(compute({ node, kernel, output: node.outputs.indexOf(value), index: 'i', line })),
    );
    const stores = outputs.map((value, k) => kernel.store(value, 'i', computed[k]));
    return [kernel.each(size, [...lines, ...stores].join('\n'))];
  });
}
