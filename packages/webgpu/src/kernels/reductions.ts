import { sizeOf, stridesOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { placeOf, type Axis } from '../wgsl/indices.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { float, literal } from '../wgsl/types.js';
import { converted } from '../pointwise/operands.js';
import { joined, joinGroup, rowSize, type Joining } from './groups.js';

/** How a reduction joins what it reads. */
export interface Reducing {
  readonly by: Joining['by'];
  readonly isMean?: boolean;
  readonly isOfSquares?: boolean;
}

/** Elements from which one result is computed by more than one group. */
const LONG = 16_384;

/** Elements that a group of a long reduction joins. */
const PART = 4096;

/**
 * A sum, mean, product, largest or smallest over some axes; bool is taken for int32, and is such a result again. A group computes a result, each of its invocations every so many elements, then all in a
 * tree; of a long one, parts, and a second kernel joins them.
 */
export function reduction(how: Reducing): (node: GraphNode, context: KernelContext) => Dispatch[] {
  return (node, context) => {
    const [x] = node.inputs;
    const [out] = node.outputs;
    const areFloats = x.dtype === 'float32' || how.isMean === true;
    const reducing = { ...how, type: areFloats ? 'f32' : 'i32', of: x, out } as const;
    const { kept, reduced } = axesOf(x, node);
    const count = sizeOf(out);
    const length = sizeOf(x) / Math.max(count, 1);
    if (count === 0) return [];
    if (isByColumns(kept, reduced) && count >= 16) {
      return columns(node, context, { reducing, count, length });
    }
    if (length <= LONG) return whole(node, context, { reducing, count, length, kept, reduced });
    const parts = Math.ceil(length / PART);
    const split = { parts, partial: partialOf(reducing, context.scratch(count * parts)) };
    return [
      partly(node, context, { reducing, count, length, kept, reduced, ...split }),
      together(node, context, { reducing, count, length, ...split }),
    ];
  };
}

/** A reduction of a tensor. */
interface Reduction extends Reducing, Joining {
  readonly of: Value;
  readonly out: Value;
}

interface Sizes {
  readonly reducing: Reduction;
  /** Results. */
  readonly count: number;
  /** Elements of each. */
  readonly length: number;
}

interface Walk extends Sizes {
  readonly kept: readonly Axis[];
  readonly reduced: readonly Axis[];
}

/** How a long reduction is split. */
interface Parts {
  readonly parts: number;
  /** What each part comes to. */
  readonly partial: Value;
}

/** Memory for parts, of the type that they are added up in. */
const partialOf = ({ type }: Joining, scratch: Value): Value =>
  type === 'i32' ? { ...scratch, dtype: 'int32' } : scratch;

/** What nothing comes to. */
function start({ by, type, of }: Reduction): string {
  if (by === 'sum' || by === 'product')
    return type === 'f32' ? float(by === 'sum' ? 0 : 1) : by === 'sum' ? '0i' : '1i';
  const [least, most] = of.dtype === 'bool' ? [0, 1] : [-(2 ** 31), 2 ** 31 - 1];
  if (type === 'f32') return float(by === 'max' ? -Infinity : Infinity);
  return literal(by === 'max' ? least : most, { dtype: 'int32' });
}

/** An element, as it is joined. */
function element(kernel: Kernel, { of, type }: Reduction, place: string): string {
  const x = converted(kernel, kernel.at(of, place), of.dtype, type === 'f32' ? 'float32' : 'int32');
  return x;
}

const squared = ({ isOfSquares }: Reducing, x: string): string =>
  isOfSquares === true ? `${x} * ${x}` : x;

/** A result, as it is stored. */
function result(kernel: Kernel, { reducing, length }: Sizes, total: string): string {
  const { isMean, type, out } = reducing;
  const mean = isMean === true ? `${total} / ${float(length)}` : total;
  return converted(kernel, mean, type === 'f32' ? 'float32' : 'int32', out.dtype);
}

function whole(node: GraphNode, context: KernelContext, walk: Walk): Dispatch[] {
  const { reducing, count, length, kept, reduced } = walk;
  const kernel = new Kernel(context, node.kernel);
  const size = rowSize(length);
  const ofGroup = joinGroup(kernel, reducing, size);
  const x = element(kernel, reducing, `first + ${placeOf('k', reduced)}`);
  const body = `let first = ${placeOf('group', kept)};
var total = ${start(reducing)};
for (var k = local; k < ${length}u; k += ${size}u) {
let x = ${x};
total = ${joined(kernel, reducing, 'total', squared(reducing, 'x'))};
}
total = ${ofGroup}(total, local);
if (local == 0u) { ${kernel.store(node.outputs[0], 'group', result(kernel, walk, 'total'))} }`;
  return [kernel.dispatch(body, { size, groups: count })];
}

function partly(
  node: GraphNode,
  context: KernelContext,
  { reducing, count, length, kept, reduced, partial, parts }: Walk & Parts,
): Dispatch {
  const kernel = new Kernel(context, node.kernel);
  const ofGroup = joinGroup(kernel, reducing, 256);
  const x = element(kernel, reducing, `first + ${placeOf('k', reduced)}`);
  const body = `let result = group / ${parts}u;
let part = group % ${parts}u;
let first = ${placeOf('result', kept)};
var total = ${start(reducing)};
for (var k = part * ${PART}u + local; k < min((part + 1u) * ${PART}u, ${length}u); k += 256u) {
let x = ${x};
total = ${joined(kernel, reducing, 'total', squared(reducing, 'x'))};
}
total = ${ofGroup}(total, local);
if (local == 0u) { ${kernel.scratch(partial)}[group] = total; }`;
  return kernel.dispatch(body, { size: 256, groups: count * parts });
}

function together(node: GraphNode, context: KernelContext, sizes: Sizes & Parts): Dispatch {
  const { reducing, count, partial, parts } = sizes;
  const kernel = new Kernel(context, node.kernel);
  const ofGroup = joinGroup(kernel, reducing, 256);
  const body = `var total = ${start(reducing)};
for (var k = local; k < ${parts}u; k += 256u) {
let x = ${kernel.scratch(partial)}[group * ${parts}u + k];
total = ${joined(kernel, reducing, 'total', 'x')};
}
total = ${ofGroup}(total, local);
if (local == 0u) { ${kernel.store(node.outputs[0], 'group', result(kernel, sizes, 'total'))} }`;
  return kernel.dispatch(body, { size: 256, groups: count });
}

/** Columns of a group, and invocations that share each. */
const [WIDE, TALL] = [16, 16];

/** Sums over the rows of a matrix: neighbouring invocations read neighbouring columns. Many rows are added up in parts. */
function columns(
  node: GraphNode,
  context: KernelContext,
  { reducing, count, length }: Sizes,
): Dispatch[] {
  const rowsOfPart = Math.max(1024, Math.ceil(length / 64));
  const parts = Math.ceil(length / rowsOfPart);
  const partial = parts > 1 ? partialOf(reducing, context.scratch(parts * count)) : undefined;
  const kernel = new Kernel(context, node.kernel);
  kernel.declare(`var<workgroup> sums: array<${reducing.type}, ${WIDE * TALL}>;`);
  const wide = Math.ceil(count / WIDE);
  const sizes = { reducing, count, length };
  const store =
    partial === undefined
      ? kernel.store(node.outputs[0], 'column', result(kernel, sizes, 'sums[local]'))
      : `${kernel.scratch(partial)}[part * ${count}u + column] = sums[local];`;
  const body = `let part = group / ${wide}u;
let column = (group % ${wide}u) * ${WIDE}u + local % ${WIDE}u;
var total = ${start(reducing)};
if (column < ${count}u) {
for (var row = part * ${rowsOfPart}u + local / ${WIDE}u; row < min((part + 1u) * ${rowsOfPart}u, ${length}u); row += ${TALL}u) {
let x = ${element(kernel, reducing, `row * ${count}u + column`)};
total = ${joined(kernel, reducing, 'total', squared(reducing, 'x'))};
}
}
sums[local] = total;
workgroupBarrier();
for (var half = ${TALL / 2}u; half > 0u; half /= 2u) {
if (local / ${WIDE}u < half) { sums[local] = ${joined(kernel, reducing, 'sums[local]', `sums[local + half * ${WIDE}u]`)}; }
workgroupBarrier();
}
if (local < ${WIDE}u && column < ${count}u) { ${store} }`;
  const first = kernel.dispatch(body, { size: WIDE * TALL, groups: wide * parts });
  if (partial === undefined) return [first];
  const second = new Kernel(context, node.kernel);
  const sum = `let column = group * 64u + local;
if (column < ${count}u) {
var total = ${start(reducing)};
for (var part = 0u; part < ${parts}u; part++) { total = ${joined(second, reducing, 'total', `${second.scratch(partial)}[part * ${count}u + column]`)}; }
${second.store(node.outputs[0], 'column', result(second, sizes, 'total'))}
}`;
  return [first, second.dispatch(sum, { size: 64, groups: Math.ceil(count / 64) })];
}

/** The axes that stay and those that are reduced, each as they lie in x. */
function axesOf(x: Value, { attrs }: GraphNode): { kept: Axis[]; reduced: Axis[] } {
  const named = attrs['axis'] ?? attrs['reductionIndices'];
  const list = named === undefined || named === null ? x.shape.map((_, i) => i) : [named].flat();
  const chosen = new Set(list.map(Number).map((i) => (i < 0 ? i + x.shape.length : i)));
  const strides = stridesOf(x.shape);
  const axes = x.shape.map((size, i) => ({ size, stride: strides[i] }));
  return {
    kept: axes.filter((_, i) => !chosen.has(i)),
    reduced: axes.filter((_, i) => chosen.has(i)),
  };
}

/** Whether what stays lies together, behind what is reduced. */
function isByColumns(kept: readonly Axis[], reduced: readonly Axis[]): boolean {
  const inner = kept.filter(({ size }) => size > 1);
  const outer = reduced.filter(({ size }) => size > 1);
  if (inner.length === 0 || outer.length === 0) return false;
  const farthest = inner.reduce((most, { stride }) => Math.max(most, stride), 0);
  return outer.every(({ stride }) => stride > farthest);
}
