import {
  sumOutType,
  UnsortedSegmentSum,
  type UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core';
import type { NumericArray } from '../kernels/tensor-type.js';
import { type KernelCall, wasmKernel } from './wasm-kernel.js';

type Call = KernelCall<'x' | 'segmentIds', UnsortedSegmentSumAttrs>;

/** `tf.unsortedSegmentSum`, the gradient of `tf.gather` and so of an embedding look-up. */
export const unsortedSegmentSumConfig = wasmKernel(
  UnsortedSegmentSum,
  ({ inputs: { x, segmentIds }, attrs: { numSegments }, backend }: Call) => {
    if (segmentIds.shape.length !== 1 || segmentIds.shape[0] !== x.shape[0]) {
      throw new RangeError(
        `UnsortedSegmentSum: segmentIds must be [n] for x of [n, ...]; got segmentIds [${segmentIds.shape.join()}] for x ` +
          `[${x.shape.join()}]; reshape x so that its first dimension counts the ids`,
      );
    }
    const out = backend.makeOutput([numSegments, ...x.shape.slice(1)], sumOutType(x.dtype));
    // Views are taken after the output's allocation, which may have moved the heap.
    unsortedSegmentSum(
      backend.typedArrayFromHeap(x),
      backend.typedArrayFromHeap(segmentIds),
      numSegments,
      backend.typedArrayFromHeap(out),
    );
    return out;
  },
);

/**
 * Sums the rows of `x` that carry the same id: `out[s] = Σ x[i]` over the `i` with `segmentIds[i] = s`, in their
 * order. A row whose id is negative or `numSegments` and above is left out; a segment without rows is 0.
 *
 * Source: https://www.tensorflow.org/api_docs/python/tf/raw_ops/UnsortedSegmentSum, which drops negative ids and
 * leaves open what becomes of ids above the range.
 *
 * @param x - `[n, ...]`, rows of `out.length / numSegments` values
 * @param segmentIds - `[n]`, in any order
 * @param out - `[numSegments, ...]`, written whole
 */
export function unsortedSegmentSum(
  x: NumericArray,
  segmentIds: NumericArray,
  numSegments: number,
  out: NumericArray,
): void {
  out.fill(0);
  const width = numSegments === 0 ? 0 : out.length / numSegments;
  for (let i = 0; i < segmentIds.length; i++) {
    const segment = segmentIds[i];
    if (segment < 0 || segment >= numSegments) continue;
    const from = i * width;
    const to = segment * width;
    for (let j = 0; j < width; j++) out[to + j] += x[from + j];
  }
}
