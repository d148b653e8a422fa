import {
  sumOutType,
  UnsortedSegmentSum,
  type UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core';
import { unsortedSegmentSum } from '../reference/unsorted-segment-sum.js';
import { wasmKernel, type KernelCall } from './wasm-kernel.js';

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
