import { inputNamed, sizeOf, stridesOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { activate, slope } from '../pointwise/activations.js';
import { fusedActivation } from '../pointwise/rectifiers.js';
import { broadcastAxes, placeOf } from '../wgsl/indices.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';

/** Invocations along each side of a group. */
const SIDE = 16;

/** Invocations of a group. */
const SIZE = SIDE * SIDE;

/** The least depth of a part of a product that is split. */
const DEEP = 1024;

/** Groups from which on a GPU is busy. */
const MANY = 512;

/**
 * A product of matrices, one or a batch, each factor transposed or not; then the bias and the ending that the node has. Where the result is small
 * and the factors are deep, as those of a weight's gradient, parts of the depth are computed by groups of their own, and a second kernel adds them
 * up in their order.
 */
export function product(node: GraphNode, context: KernelContext): Dispatch[] {
  const sizes = sizesOf(node);
  const { M, N, batch } = sizes;
  if (M * N * batch === 0) return [];
  const parts = node.outputs[0].dtype === 'float32' ? partsOf(sizes) : 1;
  if (parts === 1) {
    const kernel = new Kernel(context, node.kernel);
    const finish = `let i = (matrix * ${M}u + row) * ${N}u + column;\n${endOf(node, kernel)}`;
    return [tiles(node, kernel, { ...sizes, parts, finish })];
  }
  const partial = context.scratch(parts * batch * M * N);
  const first = new Kernel(context, node.kernel);
  const finish = `${first.scratch(partial)}[((matrix * ${parts}u + part) * ${M}u + row) * ${N}u + column] = sum;`;
  return [
    tiles(node, first, { ...sizes, parts, finish }),
    joined(node, new Kernel(context, node.kernel), { ...sizes, parts, partial }),
  ];
}

/** Adds up the parts of each element. */
function joined(
  node: GraphNode,
  kernel: Kernel,
  { M, N, batch, parts, partial }: Sizes & { readonly parts: number; readonly partial: Value },
): Dispatch {
  const array = kernel.scratch(partial);
  const body = `let i = group * ${SIZE}u + local;
if (i < ${batch * M * N}u) {
let column = i % ${N}u;
let first = i + i / ${M * N}u * ${(parts - 1) * M * N}u;
var sum = 0.0f;
for (var part = 0u; part < ${parts}u; part++) { sum += ${array}[first + part * ${M * N}u]; }
${endOf(node, kernel)}
}`;
  return kernel.dispatch(body, { size: SIZE, groups: Math.ceil((batch * M * N) / SIZE) });
}

interface TilesShape extends Sizes {
  /** Parts of the depth, each by groups of its own. */
  readonly parts: number;
  /** Statements for a `sum` at its `row`, `column`, `matrix` and `part`. */
  readonly finish: string;
}

/**
 * A group computes a tile of the result, each invocation a square of that, from tiles of the factors in the group's memory. Elements of a square lie
 * side by side by fours, so that the group's memory is read by vectors: that is what bounds a product on most GPUs.
 */
function tiles(
  { inputs, outputs, attrs }: GraphNode,
  kernel: Kernel,
  { M, N, K, batch, parts, finish }: TilesShape,
): Dispatch {
  const [a, b] = inputs;
  const type = outputs[0].dtype === 'int32' ? 'i32' : 'f32';
  const each = squareOf(M, N, batch * parts);
  const lanes = Math.min(each, 4);
  const [tile, depth] = [SIDE * each, each === 8 ? 8 : 16];
  const deep = Math.ceil(K / parts / depth) * depth; // of a part
  const line = tile / lanes + 1; // one more: neighbours down the depth lie in other banks
  const outer = outputs[0].shape.slice(0, -2);
  const matrix = (value: Value): string => placeOf('matrix', batchAxes(value, outer));
  const isTurned = { a: attrs['transposeA'] === true, b: attrs['transposeB'] === true };
  const element = (factor: Value, start: string, index: string, isInside: string): string =>
    `select(${type}(), ${kernel.at(factor, `${start} + ${index}`)}, ${isInside})`;
  const shape = { tile, depth, lanes, line };
  const loadA = fill('tile_a', { ...shape, isAlongSide: isTurned.a }, (row, k) => {
    const index = isTurned.a ? `(${k}) * ${M}u + ${row}` : `(${row}) * ${K}u + ${k}`;
    return element(a, 'start_a', index, `${row} < ${M}u && ${k} < end`);
  });
  const loadB = fill('tile_b', { ...shape, isAlongSide: !isTurned.b }, (column, k) => {
    const index = isTurned.b ? `(${column}) * ${K}u + ${k}` : `(${k}) * ${N}u + ${column}`;
    return element(b, 'start_b', index, `${column} < ${N}u && ${k} < end`);
  });
  const vector = lanes === 1 ? type : `vec${lanes}<${type}>`;
  kernel.declare(`var<workgroup> tile_a: array<${vector}, ${line * depth}>;`);
  kernel.declare(`var<workgroup> tile_b: array<${vector}, ${line * depth}>;`);
  kernel.declare(`fn finish(row: u32, column0: u32, matrix: u32, part: u32, sums: ${vector}) {
for (var n = 0u; n < ${lanes}u; n++) {
let column = column0 + n;
if (row >= ${M}u || column >= ${N}u) { return; }
let sum = sums${lanes === 1 ? '' : '[n]'};
${finish}
}
}`);
  const squares = upTo(each / lanes);
  const rows = squares.flatMap((i) => upTo(lanes).map((r) => [i, r] as const));
  const sums = rows.flatMap(([i, r]) => squares.map((j) => ({ i, r, j, name: `s${i}${r}_${j}` })));
  const ends = sums.map(({ i, r, j, name }) => {
    const row = `row0 + (y + ${SIDE * i}u) * ${lanes}u + ${r}u`;
    const column = `column0 + (x + ${SIDE * j}u) * ${lanes}u`;
    return `finish(${row}, ${column}, matrix, part, ${name});`;
  });
  const lane = (r: number): string => (lanes === 1 ? '' : `[${r}]`);
  const body = `
let x = local % ${SIDE}u;
let y = local / ${SIDE}u;
let row0 = groups.y * ${tile}u;
let column0 = groups.x * ${tile}u;
let matrix = groups.z${parts === 1 ? '' : ` / ${parts}u`};
let part = ${parts === 1 ? '0u' : `groups.z % ${parts}u`};
let start_a = ${matrix(a)} * ${M * K}u;
let start_b = ${matrix(b)} * ${K * N}u;
let end = min((part + 1u) * ${deep}u, ${K}u);
${sums.map(({ name }) => `var ${name} = ${vector}();`).join('\n')}
for (var k0 = part * ${deep}u; k0 < end; k0 += ${depth}u) {
${loadA}
${loadB}
workgroupBarrier();
for (var k = 0u; k < ${depth}u; k++) {
${squares.map((i) => `let a${i} = tile_a[k * ${line}u + y + ${SIDE * i}u];`).join('\n')}
${squares.map((j) => `let b${j} = tile_b[k * ${line}u + x + ${SIDE * j}u];`).join('\n')}
${sums.map(({ i, r, j, name }) => `${name} += a${i}${lane(r)} * b${j};`).join('\n')}
}
workgroupBarrier();
}
${ends.join('\n')}`;
  const groups = [Math.ceil(N / tile), Math.ceil(M / tile), batch * parts] as const;
  return kernel.dispatch(body, { size: SIZE, groups });
}

interface TileShape {
  /** Rows or columns of the result. */
  readonly tile: number;
  readonly depth: number;
  /** Elements of a vector, which lie along the side. */
  readonly lanes: number;
  /** Vectors from one line of the tile to the next. */
  readonly line: number;
  /** Whether neighbours along the side are neighbours in the factor's memory, too. */
  readonly isAlongSide: boolean;
}

/** Statements that fill a tile of a factor, each invocation as many vectors as all have; neighbouring invocations read neighbouring elements. */
function fill(
  name: 'tile_a' | 'tile_b',
  { tile, depth, lanes, line, isAlongSide }: TileShape,
  element: (side: string, k: string) => string,
): string {
  const across = tile / lanes;
  const first = name === 'tile_a' ? 'row0' : 'column0';
  return upTo(Math.ceil((across * depth) / SIZE))
    .map((n) => {
      const place = isAlongSide
        ? `let side = at % ${across}u; let k = at / ${across}u;`
        : `let side = at / ${depth}u; let k = at % ${depth}u;`;
      const elements = upTo(lanes).map((lane) =>
        element(`(${first} + side * ${lanes}u + ${lane}u)`, '(k0 + k)'),
      );
      const vector = lanes === 1 ? elements[0] : `vec${lanes}(${elements.join(', ')})`;
      const guard = (n + 1) * SIZE <= across * depth ? '' : `if (at < ${across * depth}u) `;
      return `{ let at = local + ${n * SIZE}u; ${guard}{ ${place} ${name}[k * ${line}u + side] = ${vector}; } }`;
    })
    .join('\n');
}

/** What is done with a sum at a place, and where it goes. */
function endOf(node: GraphNode, kernel: Kernel): string {
  const [c] = node.outputs;
  const [bias, alpha] = ['bias', 'preluActivationWeights'].map((name) => {
    const value = inputNamed(node, name);
    if (value === undefined) return undefined;
    const isRow = sizeOf(value) === value.shape.at(-1) && value.shape.at(-1) === c.shape.at(-1);
    const place = isRow ? 'column' : placeOf('i', broadcastAxes(value.shape, c.shape));
    return kernel.at(value, place);
  });
  const sum = bias === undefined ? 'sum' : `(sum + ${bias})`;
  const other = inputNamed(node, 'other');
  const { ending, activation, leakyreluAlpha } = node.attrs;
  if (typeof activation === 'string') {
    const by = alpha ?? float(Number(leakyreluAlpha));
    return `let x = ${sum};\n${kernel.store(c, 'i', fusedActivation(kernel, activation, 'x', by))}`;
  }
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
function sizesOf({ attrs, inputs, outputs }: GraphNode): Sizes {
  const [[a, b], [c]] = [inputs, outputs];
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

/** How many parts the depth is cut into: more where a result has too few tiles for a GPU. */
function partsOf({ M, N, K, batch }: Sizes): number {
  const groups = Math.ceil(M / 64) * Math.ceil(N / 64) * batch;
  return Math.max(1, Math.min(Math.ceil(MANY / groups), Math.floor(K / DEEP)));
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
