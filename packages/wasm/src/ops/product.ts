import { BatchMatMul, broadcast_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { inputNamed, type GraphNode, type Value } from '../graph/graph.js';
import { allFloat, kernelInstruction } from '../graph/instruction.js';
import type { Instruction, KernelStep } from '../graph/instruction.js';
import { stridesOf } from '../kernels/tensor-type.js';
import { ownOp } from './own-op.js';

/**
 * `tf.matMul`: `[…, M, K]` by `[…, K, N]`, the axes before them broadcast. It takes the place of the backend's own, which
 * reads a transposed factor by columns.
 */
export const batchMatMul = ownOp({
  kernelName: BatchMatMul,
  inputNames: ['a', 'b'],
  outputs({ a, b }, { transposeA, transposeB }) {
    if (a.dtype !== 'float32' || b.dtype !== 'float32') {
      throw new TypeError(
        `BatchMatMul: the factors must be both float32, or both int32; got ${a.dtype} and ${b.dtype}; cast them`,
      );
    }
    const shape = productShape({
      a,
      b,
      transposeA: transposeA === true,
      transposeB: transposeB === true,
    });
    return [{ shape, dtype: 'float32' }];
  },
  lower: (_, node) => product(node),
});

/** Two factors of a product, each transposed or not. */
export interface Factors {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The shape of a product. @throws RangeError when the factors are no matrices or don't fit */
export function productShape({ a, b, transposeA, transposeB }: Factors): number[] {
  const [M, K] = matrix(a, transposeA);
  const [inner, N] = matrix(b, transposeB);
  if (Math.min(a.shape.length, b.shape.length) < 2 || K !== inner) {
    throw new RangeError(
      `BatchMatMul: the factors must be matrices, or batches of them, the left with as many columns as the right has rows; ` +
        `got ${describe(a, transposeA)} and ${describe(b, transposeB)}`,
    );
  }
  const [left, right] = [a, b].map(({ shape }) => shape.slice(0, -2));
  return [...broadcast_util.assertAndGetBroadcastShape(left, right), M, N];
}

/** Rows and columns of a factor as it enters the product. */
function matrix({ shape }: TensorInfo, transposed: boolean): readonly [number, number] {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

function describe({ dtype, shape }: TensorInfo, transposed: boolean): string {
  return `${dtype} [${shape.join()}]${transposed ? ' transposed' : ''}`;
}

/** `[M, K]` by `[K, N]`, each factor transposed in memory or not. */
export interface Sizes {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Whether it is `A Aᵀ` and nothing is done to the sums; default: no. */
  readonly isSymmetric?: boolean;
}

/** A matrix product, one or a batch, of transposed operands or not, with bias and ending where the node has them. */
export function product(node: GraphNode): Instruction | undefined {
  const [a, b] = node.inputs;
  const [c] = node.outputs;
  if (!allFloat([a, b, c])) return undefined;
  const { M, ...sizes } = sizesOf(node, a, b);
  const batch = batchAxes(a, b, c);
  const count = batch.reduce((product, { size }) => product * size, 1);
  // All multiply by one B: the rows of all are one A.
  const isShared = batch.every(({ right }) => right === 0) && !sizes.transposeA;
  const isOneA = isShared && batch.length === 1 && batch[0].left === 1;
  if (isOneA || batch.length === 0) return single(node, { ...sizes, M: M * count });
  return several(node, { ...sizes, M }, batch);
}

/** What may be done to the sums at last, as `assembly/matmul.ts` numbers it; most of them read or write a second tensor. */
const ENDINGS = {
  relu: 1,
  gelu: 2,
  geluByTanh: 3,
  geluGradient: 4,
  geluByTanhGradient: 5,
  reluGradient: 6,
  add: 7,
  squaredRelu: 8,
  squaredReluGradient: 9,
} as const;

/** The attribute of a product that says what is done to the sums. */
export type Ending = keyof typeof ENDINGS;

/** One product. What the ending reads is an input called `other`; what it writes, the last output. */
function single(node: GraphNode, sizes: Sizes): Instruction {
  const { inputs, outputs, attrs } = node;
  const [a, b] = inputs;
  const [c] = outputs;
  const { M, N, K } = sizes;
  const { packs, scratchBytes } = packing(sizes);
  const other = inputNamed(node, 'other') ?? outputs.at(-1) ?? c;
  const ending = attrs['ending'] === undefined ? 0 : ENDINGS[attrs['ending'] as Ending];
  const factors = [a, ...leftSteps(sizes), b, ...rightSteps(sizes)];
  const last = [inputNamed(node, 'bias') ?? 0, ending, ending > ENDINGS.relu ? other : 0];
  const args = [...factors, c, M, N, K, ...last, packs, { scratch: 0 }];
  return kernelInstruction(node, [{ kernel: 'matmul', args }], { scratchBytes });
}

/** Many: those along the last axis of the batch in one call. */
function several(node: GraphNode, sizes: Sizes, batch: readonly BatchAxis[]): Instruction {
  const [a, b] = node.inputs;
  const [c] = node.outputs;
  const { M, N, K } = sizes;
  const { packs, scratchBytes } = packing(sizes);
  const { size, left, right } = batch.at(-1) ?? { size: 1, left: 0, right: 0 };
  const starts = batch.slice(0, -1).reduce(along, [{ left: 0, right: 0 }]);
  const steps = starts.map((start, i): KernelStep => {
    const from = { of: a, skip: start.left * M * K * 4 };
    const by = { of: b, skip: start.right * K * N * 4 };
    const to = { of: c, skip: i * size * M * N * 4 };
    const factors = [from, ...leftSteps(sizes), left * M * K, by, ...rightSteps(sizes)];
    const args = [...factors, right * K * N, to, M, N, K, size, packs, { scratch: 0 }];
    return { kernel: 'matmulBatch', args };
  });
  return kernelInstruction(node, steps, { scratchBytes });
}

/** How far apart neighbours in A are, as it enters the product: down and across. */
const leftSteps = ({ M, K, transposeA }: Sizes): [number, number] => (transposeA ? [1, M] : [K, 1]);

/** The same of B. */
const rightSteps = ({ N, K, transposeB }: Sizes): [number, number] =>
  transposeB ? [1, K] : [N, 1];

/** Rows and columns of blocks in `assembly/matmul.ts`. */
const [MC, NC] = [96, 512];

/** How deep its blocks are, by what is packed. */
const DEEPEST = [128, 512, 256, 512] as const;

/** How `matmul` takes the factors of a product. */
export interface Packing {
  /** 0: as they lie; 1: B copied into panels; 2: both; 3: B, and of a symmetric product one half is computed. */
  readonly packs: 0 | 1 | 2 | 3;
  readonly scratchBytes: number;
}

/** Which factors are copied into panels, a block at a time, and the memory for that. */
export function packing(sizes: Sizes): Packing {
  const { M, N, K } = sizes;
  const packs = packsOf(sizes);
  const depth = Math.min(K, DEEPEST[packs]);
  const columns = packs === 0 ? N % 8 : Math.min(N, NC); // the last ones are filled up to 8 in any case
  const rows = packs === 2 ? Math.min(M, MC) + 5 : 0; // the last panel may have fewer than 6
  return { packs, scratchBytes: 4 * depth * (Math.ceil(columns / 8) * 8 + rows) };
}

/**
 * A copy of B pays in place of a transposition, and where many rows read it or its own lie far apart; one of A where the
 * columns that lie side by side in it are the product's rows, and many, or long.
 */
function packsOf(sizes: Sizes): Packing['packs'] {
  const { M, N, K, transposeA, transposeB, isSymmetric = false } = sizes;
  if (isSymmetric) return 3;
  if (transposeA && M * N >= (K < 1024 ? 128 * 128 : 64 * 64)) return 2;
  return transposeB || M >= 128 || (M >= 32 && N >= 1024) ? 1 : 0;
}

function sizesOf({ kernel, attrs }: GraphNode, a: Value, b: Value): Sizes {
  const [rows, columns] = a.shape.slice(-2);
  const transposeA = attrs['transposeA'] === true;
  const transposeB = attrs['transposeB'] === true;
  const N = b.shape.at(transposeB ? -2 : -1) ?? 1;
  return {
    M: transposeA ? columns : rows,
    K: transposeA ? rows : columns,
    N,
    transposeA,
    transposeB,
    isSymmetric: kernel === BatchMatMul && a.id === b.id && !transposeA && transposeB,
  };
}

/** An axis of a batch, and how many matrices of A and B a step along it goes; 0 where they are broadcast. */
interface BatchAxis {
  readonly size: number;
  readonly left: number;
  readonly right: number;
}

/** The axes of a batch that are longer than 1, contiguous ones merged. */
function batchAxes(a: Value, b: Value, c: Value): BatchAxis[] {
  const outer = c.shape.slice(0, -2);
  const [left, right] = [a, b].map((value) => batchStrides(value, outer));
  const kept: BatchAxis[] = [];
  for (const [i, size] of outer.entries()) {
    if (size === 1) continue;
    const axis = { size, left: left[i], right: right[i] };
    const last = kept.at(-1);
    if (last?.left === size * axis.left && last.right === size * axis.right) {
      kept[kept.length - 1] = { ...axis, size: last.size * size };
    } else kept.push(axis);
  }
  return kept;
}

/** How many matrices apart neighbours along each axis of a batch are, in a factor that is broadcast to it. */
function batchStrides({ shape }: Value, outer: readonly number[]): number[] {
  const own = shape.slice(0, -2);
  const padded = [...Array.from({ length: outer.length - own.length }, () => 1), ...own];
  return stridesOf(padded).map((stride, axis) => (padded[axis] === 1 ? 0 : stride));
}

type Pair = Pick<BatchAxis, 'left' | 'right'>;

/** The matrices along one more axis. */
function along(pairs: Pair[], { size, left, right }: BatchAxis): Pair[] {
  return pairs.flatMap((pair) =>
    Array.from({ length: size }, (_, i) => ({
      left: pair.left + i * left,
      right: pair.right + i * right,
    })),
  );
}
