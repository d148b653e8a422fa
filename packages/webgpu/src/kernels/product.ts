import { inputNamed, sizeOf, stridesOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { activate, slope } from '../pointwise/activations.js';
import { placeOf } from '../wgsl/indices.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';

/** Invocations along each side of a group. */
const SIDE = 16;

/**
 * A product of matrices, one or a batch, each factor transposed or not; then the bias and the ending that the node has. A group computes a tile
 * of the result, each invocation a square of that, from tiles of the factors in the group's memory. Elements of a square lie side by side by fours,
 * so that the group's memory is read by vectors: that is what bounds a product on most GPUs.
 */
export function product(node: GraphNode, context: KernelContext): Dispatch[] {
  const [a, b] = node.inputs;
  const [c] = node.outputs;
  const { M, N, K, batch } = sizesOf(node, a, b, c);
  if (M * N * batch === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  const each = squareOf(M, N, batch);
  const lanes = Math.min(each, 4);
  const [tile, depth] = [SIDE * each, each === 8 ? 8 : 16];
  const outer = c.shape.slice(0, -2);
  const matrix = (value: Value): string => placeOf('groups.z', batchAxes(value, outer));
  const isTurned = { a: node.attrs['transposeA'] === true, b: node.attrs['transposeB'] === true };
  const element = (factor: Value, start: string, index: string, isInside: string): string =>
    `select(0.0f, ${kernel.at(factor, `${start} + ${index}`)}, ${isInside})`;
  const loadA = fill('tile_a', { tile, depth, lanes, isAlongSide: isTurned.a }, (row, k) => {
    const index = isTurned.a ? `(${k}) * ${M}u + ${row}` : `(${row}) * ${K}u + ${k}`;
    return element(a, 'start_a', index, `${row} < ${M}u && ${k} < ${K}u`);
  });
  const loadB = fill('tile_b', { tile, depth, lanes, isAlongSide: !isTurned.b }, (column, k) => {
    const index = isTurned.b ? `(${column}) * ${K}u + ${k}` : `(${k}) * ${N}u + ${column}`;
    return element(b, 'start_b', index, `${column} < ${N}u && ${k} < ${K}u`);
  });
  const vector = lanes === 1 ? 'f32' : `vec${lanes}<f32>`;
  const across = tile / lanes;
  kernel.declare(`var<workgroup> tile_a: array<${vector}, ${across * depth}>;`);
  kernel.declare(`var<workgroup> tile_b: array<${vector}, ${across * depth}>;`);
  const squares = upTo(each / lanes);
  const rows = squares.flatMap((i) => upTo(lanes).map((r) => [i, r] as const));
  const sums = rows.flatMap(([i, r]) => squares.map((j) => ({ i, r, j, name: `s${i}${r}_${j}` })));
  const part = (r: number): string => (lanes === 1 ? '' : `[${r}]`);
  const body = `
let x = local % ${SIDE}u;
let y = local / ${SIDE}u;
let row0 = groups.y * ${tile}u;
let column0 = groups.x * ${tile}u;
let start_a = ${matrix(a)} * ${M * K}u;
let start_b = ${matrix(b)} * ${K * N}u;
${sums.map(({ name }) => `var ${name} = ${vector}();`).join('\n')}
for (var k0 = 0u; k0 < ${K}u; k0 += ${depth}u) {
${loadA}
${loadB}
workgroupBarrier();
for (var k = 0u; k < ${depth}u; k++) {
${squares.map((i) => `let a${i} = tile_a[k * ${across}u + y + ${SIDE * i}u];`).join('\n')}
${squares.map((j) => `let b${j} = tile_b[k * ${across}u + x + ${SIDE * j}u];`).join('\n')}
${sums.map(({ i, r, j, name }) => `${name} += a${i}${part(r)} * b${j};`).join('\n')}
}
workgroupBarrier();
}
${sums
  .map(({ i, r, j, name }) => {
    const [row, column] = [
      `(y + ${SIDE * i}u) * ${lanes}u + ${r}u`,
      `(x + ${SIDE * j}u) * ${lanes}u`,
    ];
    return `finish(row0 + ${row}, column0 + ${column}, groups.z, ${name});`;
  })
  .join('\n')}`;
  kernel.declare(`fn finish(row: u32, column0: u32, matrix: u32, sums: ${vector}) {
for (var n = 0u; n < ${lanes}u; n++) {
let column = column0 + n;
if (row >= ${M}u || column >= ${N}u) { return; }
let i = (matrix * ${M}u + row) * ${N}u + column;
let sum = sums${lanes === 1 ? '' : '[n]'};
${endOf(node, kernel)}
}
}`);
  const groups = [Math.ceil(N / tile), Math.ceil(M / tile), batch] as const;
  return [kernel.dispatch(body, { size: SIDE * SIDE, groups })];
}

interface TileShape {
  /** Rows or columns of the result. */
  readonly tile: number;
  readonly depth: number;
  /** Elements of a vector, which lie along the side. */
  readonly lanes: number;
  /** Whether neighbours along the side are neighbours in the factor's memory, too. */
  readonly isAlongSide: boolean;
}

/** Statements that fill a tile of a factor, each invocation as many vectors as all have; neighbouring invocations read neighbouring elements. */
function fill(
  name: 'tile_a' | 'tile_b',
  { tile, depth, lanes, isAlongSide }: TileShape,
  element: (side: string, k: string) => string,
): string {
  const across = tile / lanes;
  const first = name === 'tile_a' ? 'row0' : 'column0';
  const size = SIDE * SIDE;
  return upTo(Math.ceil((across * depth) / size))
    .map((n) => {
      const place = isAlongSide
        ? `let side = at % ${across}u; let k = at / ${across}u;`
        : `let side = at / ${depth}u; let k = at % ${depth}u;`;
      const elements = upTo(lanes).map((lane) =>
        element(`(${first} + side * ${lanes}u + ${lane}u)`, '(k0 + k)'),
      );
      const vector = lanes === 1 ? elements[0] : `vec${lanes}(${elements.join(', ')})`;
      const guard = (n + 1) * size <= across * depth ? '' : `if (at < ${across * depth}u) `;
      return `{ let at = local + ${n * size}u; ${guard}{ ${place} ${name}[k * ${across}u + side] = ${vector}; } }`;
    })
    .join('\n');
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
function squareOf(M: number, N: number, batch: number): 1 | 2 | 4 | 8 {
  const groups = (each: number): number =>
    Math.ceil(M / (SIDE * each)) * Math.ceil(N / (SIDE * each)) * batch;
  if (groups(8) >= 256 && M >= 128 && N >= 128) return 8;
  if (groups(4) >= 64 && M >= 64 && N >= 64) return 4;
  if (groups(2) >= 24 && M >= 32 && N >= 32) return 2;
  return 1;
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
