import {
  backend_util,
  GatherV2,
  util,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { GraphNode } from '../graph/graph.js';
import { kernelInstruction, type Instruction, type KernelStep } from '../graph/instruction.js';
import { LONG } from '../kernels/kernel-functions.js';
import { isNumeric, sizeOf, type NumericType, type TensorType } from '../kernels/tensor-type.js';
import { ownOp } from './own-op.js';

/**
 * `tf.gather`: slices along an axis by their indices, behind axes that both have (`batchDims`). `torch.gather` and
 * `torch.index_select`.
 */
export const gather = ownOp({
  kernelName: GatherV2,
  inputNames: ['x', 'indices'],
  outputs({ x, indices }, attrs) {
    if (indices.dtype !== 'int32') {
      throw new TypeError(`${GatherV2}: indices must be int32; got ${indices.dtype}; cast them`);
    }
    return [{ shape: slicesOf(x, indices, attrs).outputShape, dtype: typeOf(x) }];
  },
  lower({ x, indices }, node) {
    const [out] = node.outputs;
    const { batchSize, outerSize, dimSize, sliceSize } = slicesOf(x, indices, node.attrs);
    const isOneTable = batchSize * outerSize === 1 && x.dtype !== 'bool';
    const n = sizeOf(indices) / Math.max(batchSize, 1);
    const bytes = sliceSize * (x.dtype === 'bool' ? 1 : 4);
    const steps: KernelStep[] = [
      isOneTable
        ? { kernel: 'gatherRows', args: [x, indices, out, n, sliceSize] }
        : {
            kernel: 'gatherSlices',
            args: [x, indices, out, batchSize, outerSize, dimSize, n, bytes],
          },
    ];
    if (indices.source.kind === 'constant') {
      const isIn = (index: number): boolean => index >= 0 && index < dimSize;
      return indices.source.values.every(isIn) ? kernelInstruction(node, steps) : undefined;
    }
    return kernelInstruction(node, steps, {
      indices: { value: indices, limit: dimSize, where: node.kernel },
    });
  },
});

function slicesOf(x: Shaped, indices: Shaped, { axis, batchDims }: NamedAttrMap): Slices {
  const [parsed] = util.parseAxisParam(Number(axis), [...x.shape]);
  // tfjs reads their shapes alone.
  const [table, places] = [x, indices].map(({ shape }): TensorInfo => ({
    dataId: {},
    dtype: 'int32',
    shape: [...shape],
  }));
  return backend_util.segment_util.collectGatherOpShapeInfo(
    table,
    places,
    parsed,
    Number(batchDims ?? 0),
  );
}

type Shaped = Pick<TensorType, 'shape'>;
type Slices = backend_util.segment_util.GatherOpShapeInfo;

function typeOf({ dtype }: TensorInfo): NumericType {
  if (isNumeric(dtype)) return dtype;
  throw new TypeError(`${GatherV2}: x must be float32, int32 or bool; got ${dtype}`);
}

/** The sum of the rows that have the same id. */
export function segmentSum(node: GraphNode): Instruction | undefined {
  const [x, ids] = node.inputs;
  const [out] = node.outputs;
  if (x.dtype !== 'float32' || ids.dtype !== 'int32') return undefined;
  const segments = Number(node.attrs['numSegments']);
  const width = sizeOf(out) / segments;
  const count = sizeOf(ids);
  const args = [x, ids, out, count, width, segments, { scratch: 0 }];
  const scratchBytes = count > LONG ? (count + 2 * segments) * 4 : 0;
  return kernelInstruction(node, [{ kernel: 'segmentSum', args }], { scratchBytes });
}

/** Rows that have one value at one index, and another elsewhere. */
export function oneHot(node: GraphNode): Instruction | undefined {
  const [indices] = node.inputs;
  const [out] = node.outputs;
  const { depth, onValue, offValue } = node.attrs;
  if (out.dtype === 'bool' || indices.dtype !== 'int32') return undefined;
  const [on, off] = [onValue ?? 1, offValue ?? 0].map((value) => bitsOf(Number(value), out.dtype));
  return kernelInstruction(node, [
    { kernel: 'oneHot', args: [indices, out, sizeOf(indices), Number(depth), on, off] },
  ]);
}

/** The bits of a 4-byte value, as a whole number. */
function bitsOf(value: number, dtype: NumericType): number {
  return dtype === 'int32' ? value | 0 : new Int32Array(Float32Array.of(value).buffer)[0];
}
