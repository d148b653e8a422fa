import { sizeOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { pointwise } from '../pointwise/index.js';
import { converted } from '../pointwise/operands.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { pointwiseDispatches } from './pointwise.js';

/** Tensors that one kernel joins: each has a buffer. */
const MOST = 6;

/** `Concat` and `Pack`: of few tensors each element is read where it goes; of many some at a time are written to their places. */
export function joining(node: GraphNode, context: KernelContext): Dispatch[] {
  const compute = pointwise[node.kernel];
  if (node.inputs.length <= MOST && compute !== undefined) {
    return pointwiseDispatches(node, compute, context);
  }
  const parts = partsOf(node);
  return Array.from({ length: Math.ceil(parts.length / MOST) }, (_, i) =>
    write(node, context, parts.slice(i * MOST, (i + 1) * MOST)),
  );
}

/** A tensor, and where its elements go: rows of `width`, the first at `start`, each `apart` from the one before. */
interface Part {
  readonly value: Value;
  readonly width: number;
  readonly start: number;
  readonly apart: number;
}

function partsOf({ kernel, inputs, outputs: [out], attrs }: GraphNode): Part[] {
  const given = Number(attrs['axis'] ?? 0);
  const axis = given < 0 ? given + out.shape.length : given;
  const inner = sizeOf({ shape: out.shape.slice(axis + 1) });
  const apart = out.shape[axis] * inner;
  let start = 0;
  const parts = inputs.map((value) => {
    const part = {
      value,
      width: (kernel === 'Pack' ? 1 : value.shape[axis]) * inner,
      start,
      apart,
    };
    start += part.width;
    return part;
  });
  return parts.filter(({ width }) => width > 0);
}

function write(node: GraphNode, context: KernelContext, parts: readonly Part[]): Dispatch {
  const kernel = new Kernel(context, node.kernel);
  const [out] = node.outputs;
  let from = 0;
  const cases = parts.map(({ value, width, start, apart }) => {
    const end = from + sizeOf(value);
    const place = `(k / ${width}u) * ${apart}u + ${start}u + k % ${width}u`;
    const statement = `if (i >= ${from}u && i < ${end}u) { let k = i - ${from}u; ${kernel.store(out, place, converted(kernel, kernel.at(value, 'k'), value.dtype, out.dtype))} }`;
    from = end;
    return statement;
  });
  return kernel.each(from, cases.join('\n'));
}
