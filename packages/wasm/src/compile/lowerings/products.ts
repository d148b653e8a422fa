import type { GraphNode, Value } from '../graph.js';
import type { Instruction, KernelStep, Operand } from '../instruction.js';
import { allFloat } from './elementwise.js';
import { kernelInstruction } from './kernel-instruction.js';

/** Above so many products a batch goes to tfjs. */
const MOST_PRODUCTS = 256;

interface Sizes {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** A matrix product, one or a batch, of transposed operands or not, with bias and ReLU where the node has them. */
export function product(node: GraphNode): Instruction | undefined {
  const [a, b, bias] = node.inputs;
  const [c] = node.outputs;
  if (!allFloat([a, b, c])) return undefined;
  const sizes = sizesOf(node, a, b);
  const { M, N, K, transposeA, transposeB } = sizes;
  const batch = pairs(a, b, c);
  if (batch.length > MOST_PRODUCTS) return undefined;
  const isShared = batch.length > 1 && batch.every(({ right }) => right === 0) && !transposeA;
  const rows = isShared ? M * batch.length : M;
  const places = isShared ? batch.slice(0, 1) : batch;
  // B must lie row by row; its transposed is made first, once where several products share it.
  const turned = transposeB ? K * N * 4 : 0;
  const steps = places.flatMap(({ left, right }, i): KernelStep[] => {
    const from: Operand = { of: b, skip: right * K * N * 4 };
    const multiply: KernelStep = {
      kernel: 'matmul',
      args: [
        { of: a, skip: left * M * K * 4 },
        ...(transposeA ? [1, M] : [K, 1]),
        transposeB ? { scratch: 0 } : from,
        { of: c, skip: i * M * N * 4 },
        rows,
        N,
        K,
        bias ?? 0,
        node.attrs['relu'] === true ? 1 : 0,
        { scratch: turned },
      ],
    };
    const turnedAlready = i > 0 && right === places[i - 1].right;
    if (!transposeB || turnedAlready) return [multiply];
    return [{ kernel: 'transpose', args: [from, { scratch: 0 }, N, K] }, multiply];
  });
  const padded = N % 8 === 0 ? 0 : 32 * K;
  return kernelInstruction(node, steps, { scratchBytes: turned + padded });
}

function sizesOf({ attrs }: GraphNode, a: Value, b: Value): Sizes {
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
  };
}

/** Which matrices of A and B each matrix of C is the product of. */
function pairs(a: Value, b: Value, c: Value): { left: number; right: number }[] {
  const outer = c.shape.slice(0, -2);
  const count = outer.reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, i) => ({
    left: matrixIndex(a, outer, i),
    right: matrixIndex(b, outer, i),
  }));
}

/** The matrix of a batch that is broadcast which the i-th of all is. */
function matrixIndex({ shape }: Value, outer: readonly number[], i: number): number {
  const own = shape.slice(0, -2);
  let index = 0;
  let stride = 1;
  let rest = i;
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const length = own[axis - outer.length + own.length] ?? 1;
    if (length > 1) index += (rest % outer[axis]) * stride;
    stride *= length;
    rest = Math.floor(rest / outer[axis]);
  }
  return index;
}
