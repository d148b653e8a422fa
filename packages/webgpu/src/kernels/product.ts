import { inputNamed, sizeOf, stridesOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { activate, slope } from '../pointwise/activations.js';
import { placeOf } from '../wgsl/indices.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';

/** How deep a tile is. */
const DEPTH = 16;

/** Invocations along each side of a group. */
const SIDE = 16;

/**
 * A product of matrices, one or a batch, each factor transposed or not; then the bias and the ending that the node has. A group computes a tile
 * of the result, each invocation a square of that, from tiles of the factors in the group's memory.
 */
export function product(node: GraphNode, context: KernelContext): Dispatch[] {
  const [a, b] = node.inputs;
  const [c] = node.outputs;
  const { M, N, K, batch } = sizesOf(node, a, b, c);
  if (M * N * batch === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  const each = squareOf(M, N, batch);
  const tile = SIDE * each;
  const outer = c.shape.slice(0, -2);
  const matrix = (value: Value): string => placeOf('groups.z', batchAxes(value, outer));
  const isTurned = { a: node.attrs['transposeA'] === true, b: node.attrs['transposeB'] === true };
  const atA = (row: string, k: string): string =>
    kernel.at(a, `start_a + ${isTurned.a ? `(${k}) * ${M}u + ${row}` : `(${row}) * ${K}u + ${k}`}`);
  const atB = (k: string, column: string): string =>
    kernel.at(
      b,
      `start_b + ${isTurned.b ? `(${column}) * ${K}u + ${k}` : `(${k}) * ${N}u + ${column}`}`,
    );
  // Neighbouring invocations read neighbouring elements.
  const loadA = load(tile, isTurned.a, (row, k) => {
    const element = atA(`row0 + ${row}`, `k0 + ${k}`);
    return `tile_a[(${k}) * ${tile}u + ${row}] = select(0.0f, ${element}, row0 + ${row} < ${M}u && k0 + ${k} < ${K}u);`;
  });
  const loadB = load(tile, !isTurned.b, (column, k) => {
    const element = atB(`k0 + ${k}`, `column0 + ${column}`);
    return `tile_b[(${k}) * ${tile}u + ${column}] = select(0.0f, ${element}, column0 + ${column} < ${N}u && k0 + ${k} < ${K}u);`;
  });
  kernel.declare(`var<workgroup> tile_a: array<f32, ${tile * DEPTH}>;`);
  kernel.declare(`var<workgroup> tile_b: array<f32, ${tile * DEPTH}>;`);
  const squares = Array.from({ length: each }, (_, i) => i);
  const pairs = squares.flatMap((i) => squares.map((j) => [i, j] as const));
  const body = `
let x = local % ${SIDE}u;
let y = local / ${SIDE}u;
let row0 = groups.y * ${tile}u;
let column0 = groups.x * ${tile}u;
let start_a = ${matrix(a)} * ${M * K}u;
let start_b = ${matrix(b)} * ${K * N}u;
${pairs.map(([i, j]) => `var s${i}${j} = 0.0f;`).join('\n')}
for (var k0 = 0u; k0 < ${K}u; k0 += ${DEPTH}u) {
${loadA}
${loadB}
workgroupBarrier();
for (var k = 0u; k < ${DEPTH}u; k++) {
${squares.map((i) => `let a${i} = tile_a[k * ${tile}u + y + ${SIDE * i}u];`).join('\n')}
${squares.map((j) => `let b${j} = tile_b[k * ${tile}u + x + ${SIDE * j}u];`).join('\n')}
${pairs.map(([i, j]) => `s${i}${j} += a${i} * b${j};`).join('\n')}
}
workgroupBarrier();
}
${pairs.map(([i, j]) => `finish(row0 + y + ${SIDE * i}u, column0 + x + ${SIDE * j}u, groups.z, s${i}${j});`).join('\n')}`;
  kernel.declare(`fn finish(row: u32, column: u32, matrix: u32, sum: f32) {
if (row >= ${M}u || column >= ${N}u) { return; }
let i = (matrix * ${M}u + row) * ${N}u + column;
${endOf(node, kernel)}
}`);
  const groups = [Math.ceil(N / tile), Math.ceil(M / tile), batch] as const;
  return [kernel.dispatch(body, { size: SIDE * SIDE, groups })];
}

/** Statements that fill a tile of a factor, each invocation as many elements as all have. */
function load(
  tile: number,
  isAlongSide: boolean,
  write: (side: string, k: string) => string,
): string {
  const count = (tile * DEPTH) / (SIDE * SIDE);
  return Array.from({ length: count }, (_, n) => {
    const at = `(local + ${n * SIDE * SIDE}u)`;
    return isAlongSide
      ? `{ let side = ${at} % ${tile}u; let k = ${at} / ${tile}u; ${write('side', 'k')} }`
      : `{ let side = ${at} / ${DEPTH}u; let k = ${at} % ${DEPTH}u; ${write('side', 'k')} }`;
  }).join('\n');
}

/** What is done with a sum at a place, and where it goes. */
function endOf(node: GraphNode, kernel: Kernel): string {
  const [c] = node.outputs;
  const bias = inputNamed(node, 'bias');
  const sum = bias === undefined ? 'sum' : `(sum + ${kernel.at(bias, 'column')})`;
  const other = inputNamed(node, 'other');
  const ending = node.attrs['ending'];
  if (typeof ending !== 'string') return kernel.store(c, 'i', sum);
  if (ending === 'add' && other !== undefined) {
    return kernel.store(c, 'i', `${sum} + ${kernel.at(other, 'i')}`);
  }
  if (ending.endsWith('Gradient') && other !== undefined) {
    const by = slope(kernel, ending.slice(0, -'Gradient'.length), sum, 'x');
    return `let x = ${kernel.at(other, 'i')};\n${kernel.store(c, 'i', by)}`;
  }
  const lines = [`let x = ${sum};`];
  const result = node.outputs.at(-1) ?? c;
  if (result !== c) lines.push(kernel.store(c, 'i', 'x'));
  lines.push(kernel.store(result, 'i', activate(kernel, ending, 'x')));
  return lines.join('\n');
}

interface Sizes {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  /** How many matrices there are. */
  readonly batch: number;
}

/** A batch that multiplies by one B is a taller A, where that isn't transposed. */
function sizesOf({ attrs }: GraphNode, a: Value, b: Value, c: Value): Sizes {
  const [rows, columns] = a.shape.slice(-2);
  const isTurned = attrs['transposeA'] === true;
  const N = b.shape.at(attrs['transposeB'] === true ? -2 : -1) ?? 1;
  const M = isTurned ? columns : rows;
  return { M, N, K: isTurned ? rows : columns, batch: sizeOf({ shape: c.shape.slice(0, -2) }) };
}

/** How many matrices apart those of a factor are, along the axes of the batch. */
function batchAxes({ shape }: Value, outer: readonly number[]): { size: number; stride: number }[] {
  const own = shape.slice(0, -2);
  const padded = [...Array.from({ length: outer.length - own.length }, () => 1), ...own];
  const strides = stridesOf(padded);
  return outer.map((size, i) => ({ size, stride: padded[i] === 1 ? 0 : strides[i] }));
}

/** How many elements along each side an invocation computes: fewer where there would be too few groups. */
function squareOf(M: number, N: number, batch: number): 1 | 2 | 4 {
  const groups = (each: number): number =>
    Math.ceil(M / (SIDE * each)) * Math.ceil(N / (SIDE * each)) * batch;
  if (groups(4) >= 64 && M >= 64 && N >= 64) return 4;
  if (groups(2) >= 24 && M >= 32 && N >= 32) return 2;
  return 1;
}
