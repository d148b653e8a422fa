import { sizeOf, stridesOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Pointwise, PointwiseCall } from '../wgsl/kernel.js';

/** The axis that a node names, of a tensor. */
export function axisOf({ attrs }: GraphNode, { shape }: Pick<Value, 'shape'>): number {
  const axis = Number(attrs['axis'] ?? 0);
  return axis < 0 ? axis + shape.length : axis;
}

/** Look-ups. What is out of range is taken for the nearest: the program refuses it. */
export const gathers: Readonly<Record<string, Pointwise>> = {
  GatherV2: gather,
  GatherNd({ node, kernel, index, line }) {
    const [x, indices] = node.inputs;
    const depth = indices.shape.at(-1) ?? 0;
    const inner = sizeOf({ shape: x.shape.slice(depth) });
    const strides = stridesOf(x.shape);
    const row = line(`(${index} / ${inner}u) * ${depth}u`);
    const terms = Array.from({ length: depth }, (_, axis) => {
      const at = kernel.at(indices, `${row} + ${axis}u`);
      return `${nearest(at, x.shape[axis])} * ${strides[axis]}u`;
    });
    return kernel.at(x, line([...terms, `${index} % ${inner}u`].join(' + ')));
  },
};

/** The index that is nearest to one, below a size. */
const nearest = (at: string, size: number): string =>
  `u32(clamp(${at}, 0i, ${Math.max(size - 1, 0)}i))`;

/** Slices along an axis by their indices; one that is out of range is taken for the nearest. */
function gather({ node, kernel, index, line }: PointwiseCall): string {
  const [x, indices] = node.inputs;
  const batchDims = Number(node.attrs['batchDims'] ?? 0);
  const axis = axisOf(node, x);
  const batch = sizeOf({ shape: x.shape.slice(0, batchDims) });
  const outer = sizeOf({ shape: x.shape.slice(batchDims, axis) });
  const size = x.shape[axis];
  const inner = sizeOf({ shape: x.shape.slice(axis + 1) });
  const n = sizeOf(indices) / Math.max(batch, 1);
  const within = inner === 1 ? '0u' : line(`${index} % ${inner}u`);
  const which = line(`(${index} / ${inner}u) % ${n}u`);
  const outside = line(`${index} / ${inner * n}u`); // batch and outer together
  const ofBatch = batch === 1 ? which : `(${outside} / ${outer}u) * ${n}u + ${which}`;
  const at = line(nearest(kernel.at(indices, line(ofBatch)), size));
  return kernel.at(x, line(`(${outside} * ${size}u + ${at}) * ${inner}u + ${within}`));
}
