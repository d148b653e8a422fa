import {
  ADD_LAYER_NORM,
  ADD_RMS_NORM,
  inputNamed,
  RESIDUAL,
  sizeOf,
  type GraphNode,
  type Value,
} from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { given } from '../pointwise/activations.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';

/** Invocations of a group: some rows at once, each row by some lanes. */
const SIZE = 128;

/** Numbers of a row that a lane keeps, before there are more lanes. */
const MOST_KEPT = 12;

/** Groups of a gradient, each of which leaves its part of the sums over rows. */
const MOST_PARTS = 512;

/** How a group is laid out over rows. */
interface Layout {
  readonly rows: number;
  readonly n: number;
  /** Invocations of a row. */
  readonly lanes: number;
  /** Invocations of a group. */
  readonly size: number;
  /** Rows of a group at once. */
  readonly side: number;
  /** Numbers of a row that each lane has: `lane`, `lane + lanes`, … */
  readonly kept: readonly number[];
}

function layoutOf(x: Value): Layout {
  const n = x.shape.at(-1) ?? 1;
  let lanes = 32;
  while (lanes < 256 && n > lanes * MOST_KEPT) lanes *= 2;
  const size = Math.max(SIZE, lanes);
  const kept = Array.from({ length: Math.ceil(n / lanes) }, (_, i) => i);
  return { rows: sizeOf(x) / n, n, lanes, size, side: size / lanes, kept };
}

/** `LayerNorm` and `RMSNorm`, also of a sum, which is written then. */
export function norm(node: GraphNode, context: KernelContext): Dispatch[] {
  const isSum = node.kernel === ADD_LAYER_NORM || node.kernel === ADD_RMS_NORM;
  const isShifted = hasMean(node);
  const [x, residual] = node.inputs;
  const weight = node.inputs[isSum ? 2 : 1];
  const bias = isShifted ? node.inputs[isSum ? 3 : 2] : undefined;
  const sum = isSum ? node.outputs[0] : undefined;
  const y = node.outputs[isSum ? 1 : 0];
  const [inverse, mean] = node.outputs.slice(isShifted ? -2 : -1).toReversed();
  const layout = layoutOf(x);
  const { rows, n, lanes, size, side, kept } = layout;
  if (rows === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  declareRowSum(kernel, layout);
  const shifted = (i: number): string => (isShifted ? `(x${i} - mean)` : `x${i}`);
  const body = `let lane = local % ${lanes}u;
let row = group * ${side}u + local / ${lanes}u;
let first = row * ${n}u;
let is_row = row < ${rows}u;
${kept
  .map((i) => {
    const place = `first + ${columnOf(i, layout)}`;
    const element = isSum
      ? `${kernel.at(x, place)} + ${kernel.at(residual, place)}`
      : kernel.at(x, place);
    const store = sum === undefined ? '' : kernel.store(sum, place, `x${i}`);
    return `var x${i} = 0.0f;\nif (${isWithin(i, layout)}) { x${i} = ${element}; ${store} }`;
  })
  .join('\n')}
${isShifted ? `let mean = row_sum(vec2(${kept.map((i) => `x${i}`).join(' + ')}, 0.0f), local).x / ${float(n)};` : ''}
var squares = 0.0f;
${kept.map((i) => `if (${isWithin(i, layout)}) { squares += ${shifted(i)} * ${shifted(i)}; }`).join('\n')}
let inverse = 1.0f / sqrt(row_sum(vec2(squares, 0.0f), local).x / ${float(n)} + ${float(Number(node.attrs['epsilon']))});
if (is_row && lane == 0u) {
${isShifted ? kernel.store(mean, 'row', 'mean') : ''}
${kernel.store(inverse, 'row', 'inverse')}
}
${kept
  .map((i) => {
    const column = columnOf(i, layout);
    const scaled = `${shifted(i)} * inverse * ${kernel.at(weight, column)}`;
    const whole = bias === undefined ? scaled : `${scaled} + ${kernel.at(bias, column)}`;
    return `if (${isWithin(i, layout)}) { ${kernel.store(y, `first + ${column}`, whole)} }`;
  })
  .join('\n')}`;
  return [kernel.dispatch(body, { size, groups: Math.ceil(rows / side) })];
}

/**
 * The gradients of `LayerNorm` and `RMSNorm`, that of x with what else x adds up to. A group goes through a run of rows and leaves what they
 * add to the gradients of weight and bias; a second kernel adds up what all have left.
 */
export function normGradient(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x, weight, dy] = ['x', 'weight', 'dy'].map((name) => given(node, name));
  const mean = inputNamed(node, 'mean');
  const inverse = given(node, mean === undefined ? 'inverse' : 'inverseDeviation');
  const residual = inputNamed(node, RESIDUAL);
  const [dx] = node.outputs;
  const layout = layoutOf(x);
  const { rows, n, lanes, size, side, kept } = layout;
  const sums = node.outputs.slice(1);
  const rowsOfPart = side * Math.max(Math.ceil(rows / (side * MOST_PARTS)), 1);
  const parts = Math.max(Math.ceil(rows / rowsOfPart), 1);
  const partial = context.scratch(parts * sums.length * n);
  const kernel = new Kernel(context, node.kernel);
  declareRowSum(kernel, layout);
  const list = (of: (i: number) => string, by: string): string => kept.map(of).join(by);
  const body = `let lane = local % ${lanes}u;
${list((i) => `var w${i} = vec2(0.0f);`, '\n')}
for (var start = 0u; start < ${rowsOfPart}u; start += ${side}u) {
let row = group * ${rowsOfPart}u + start + local / ${lanes}u;
let first = row * ${n}u;
let is_row = row < ${rows}u;
var inverse = 0.0f;
var mean = 0.0f;
if (is_row) {
inverse = ${kernel.at(inverse, 'row')};
${mean === undefined ? '' : `mean = ${kernel.at(mean, 'row')};`}
}
var means = vec2(0.0f);
${list((i) => {
  const column = columnOf(i, layout);
  return `var h${i} = 0.0f;
var g${i} = 0.0f;
if (${isWithin(i, layout)}) {
h${i} = (${kernel.at(x, `first + ${column}`)} - mean) * inverse;
let dy = ${kernel.at(dy, `first + ${column}`)};
g${i} = dy * ${kernel.at(weight, column)};
means += vec2(g${i}, g${i} * h${i});
w${i} += vec2(dy * h${i}, dy);
}`;
}, '\n')}
means = row_sum(means, local) / ${float(n)};
${list((i) => {
  const place = `first + ${columnOf(i, layout)}`;
  const shift = mean === undefined ? '' : ' - means.x';
  const own = `inverse * (g${i}${shift} - h${i} * means.y)`;
  const whole = residual === undefined ? own : `${own} + ${kernel.at(residual, place)}`;
  return `if (${isWithin(i, layout)}) { ${kernel.store(dx, place, whole)} }`;
}, '\n')}
}
${list((i) => {
  const column = columnOf(i, layout);
  const names = ['x', 'y'].slice(0, sums.length);
  const others = Array.from({ length: side - 1 }, (_, k) => `row_[local + ${(k + 1) * lanes}u]`);
  return `row_[local] = w${i};
workgroupBarrier();
if (local < ${lanes}u && ${column} < ${n}u) {
let sum = ${['row_[local]', ...others].join(' + ')};
${names.map((name, k) => `${kernel.scratch(partial)}[group * ${sums.length * n}u + ${k * n}u + ${column}] = sum.${name};`).join('\n')}
}
workgroupBarrier();`;
}, '\n')}`;
  return [
    kernel.dispatch(body, { size, groups: parts }),
    addParts(node, context, { partial, parts, n, sums }),
  ];
}

/** What groups have left for each column. */
interface Partial {
  /** `[parts, sums, n]` */
  readonly partial: Value;
  readonly parts: number;
  readonly n: number;
  /** Where the totals go, each `[n]`. */
  readonly sums: readonly Value[];
}

/** Columns of a group, and invocations that share each. */
const [WIDE, TALL] = [16, 16];

function addParts(
  node: GraphNode,
  context: KernelContext,
  { partial, parts, n, sums }: Partial,
): Dispatch {
  const kernel = new Kernel(context, node.kernel);
  const count = sums.length * n;
  kernel.declare(`var<workgroup> sums: array<f32, ${WIDE * TALL}>;`);
  const stores = sums.map(
    (value, k) =>
      `if (column / ${n}u == ${k}u) { ${kernel.store(value, `column % ${n}u`, 'sums[local]')} }`,
  );
  const body = `let column = group * ${WIDE}u + local % ${WIDE}u;
var total = 0.0f;
if (column < ${count}u) {
for (var part = local / ${WIDE}u; part < ${parts}u; part += ${TALL}u) { total += ${kernel.scratch(partial)}[part * ${count}u + column]; }
}
sums[local] = total;
workgroupBarrier();
for (var half = ${TALL / 2}u; half > 0u; half /= 2u) {
if (local / ${WIDE}u < half) { sums[local] += sums[local + half * ${WIDE}u]; }
workgroupBarrier();
}
if (local < ${WIDE}u && column < ${count}u) {
${stores.join('\n')}
}`;
  return kernel.dispatch(body, { size: WIDE * TALL, groups: Math.ceil(count / WIDE) });
}

const hasMean = ({ kernel }: GraphNode): boolean =>
  kernel === 'LayerNorm' || kernel === ADD_LAYER_NORM;

const columnOf = (i: number, { lanes }: Layout): string => `lane + ${i * lanes}u`;

/** Whether there is a number that a lane keeps. */
const isWithin = (i: number, layout: Layout): string =>
  (i + 1) * layout.lanes <= layout.n ? 'is_row' : `is_row && ${columnOf(i, layout)} < ${layout.n}u`;

/** Declares how the lanes of each row add up two numbers. */
function declareRowSum(kernel: Kernel, { lanes, size }: Layout): void {
  const steps: string[] = [];
  for (let half = lanes / 2; half >= 1; half /= 2) {
    steps.push(
      `  if (lane < ${half}u) { row_[local] += row_[local + ${half}u]; }`,
      '  workgroupBarrier();',
    );
  }
  kernel.declare(`var<workgroup> row_: array<vec2<f32>, ${size}>;
fn row_sum(x: vec2<f32>, local: u32) -> vec2<f32> {
  let lane = local % ${lanes}u;
  row_[local] = x;
  workgroupBarrier();
${steps.join('\n')}
  let total = row_[local - lane];
  workgroupBarrier();
  return total;
}`);
}
