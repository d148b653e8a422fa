import type { GraphNode } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import type { Kernel } from '../wgsl/kernel.js';
import { factorsOf, type Sizes } from './factors.js';

/** Invocations along each side of a group. */
const SIDE = 16;

/** Invocations of a group. */
const SIZE = SIDE * SIDE;

export interface TilesShape extends Sizes {
  /** Parts of the depth, each by groups of its own. */
  readonly parts: number;
  /** Statements for a `sum` at its `row`, `column`, `matrix` and `part`. */
  readonly finish: string;
}

/**
 * A group computes a tile of the result, each invocation a square of that, from tiles of the factors in the group's memory. Elements of a square lie
 * side by side by fours, so that the group's memory is read by vectors: that is what bounds a product on most GPUs.
 */
export function tiles(
  node: GraphNode,
  kernel: Kernel,
  { M, N, K, batch, parts, finish }: TilesShape,
): Dispatch {
  const sizes = { M, N, K, batch };
  const { type, starts, a, b } = factorsOf(node, kernel, sizes);
  const each = squareOf(M, N, batch * parts);
  const lanes = Math.min(each, 4);
  const [tile, depth] = [SIDE * each, each === 8 ? 8 : 16];
  const deep = Math.ceil(K / parts / depth) * depth; // of a part
  const line = tile / lanes + 1; // one more: neighbours down the depth lie in other banks
  const element = (value: string, isInside: string): string =>
    `select(${type}(), ${value}, ${isInside})`;
  const shape = { tile, depth, lanes, line };
  const loadA = fill(
    'tile_a',
    { ...shape, isAlongSide: node.attrs['transposeA'] === true },
    (row, k) => element(a(row, k), `${row} < ${M}u && ${k} < end`),
  );
  const loadB = fill(
    'tile_b',
    { ...shape, isAlongSide: node.attrs['transposeB'] !== true },
    (column, k) => element(b(k, column), `${column} < ${N}u && ${k} < end`),
  );
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
${starts}
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
