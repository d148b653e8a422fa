import { slice_util, util } from '@tensorflow/tfjs-core';
import { sizeOf, stridesOf, type Value } from '@llm101/wasm/recording';
import { placeOf, type Axis } from '../wgsl/indices.js';
import type { Pointwise, PointwiseCall } from '../wgsl/kernel.js';
import { literal } from '../wgsl/types.js';
import { axisOf, gathers } from './gathers.js';
import { imageMoves } from './image-moves.js';
import { converted } from './operands.js';

/** What StridedSlice may be told of its axes, in the order in which tfjs takes it. */
const MASKS = ['beginMask', 'endMask', 'ellipsisMask', 'newAxisMask', 'shrinkAxisMask'];

/** Operations that move elements, by the names of tfjs' kernels. */
export const moves: Readonly<Record<string, Pointwise>> = {
  Identity: ({ node, kernel, index }) => kernel.at(node.inputs[0], index),
  Transpose({ node, kernel, index }) {
    const [x] = node.inputs;
    const strides = stridesOf(x.shape);
    const axes = numbers(node.attrs['perm']).map((axis) => ({
      size: x.shape[axis],
      stride: strides[axis],
    }));
    return kernel.at(x, placeOf(index, axes));
  },
  Slice({ node, kernel, index }) {
    return partOf(node.inputs[0], node.outputs[0], numbers(node.attrs['begin']), { kernel, index });
  },
  StridedSlice({ node, kernel, index }) {
    const [x] = node.inputs;
    const masks = MASKS.map((name) => Number(node.attrs[name] ?? 0));
    const [begin, end, steps] = ['begin', 'end', 'strides'].map((name) =>
      numbers(node.attrs[name]),
    );
    const [first, , ellipsis] = masks;
    const {
      finalShapeSparse,
      begin: from,
      strides: apart,
    } = slice_util.sliceInfo(
      [...x.shape],
      begin,
      end,
      steps,
      first,
      masks[1],
      ellipsis,
      masks[3],
      masks[4],
    );
    const strides = stridesOf(x.shape);
    const axes = finalShapeSparse.map((size, i) => ({ size, stride: strides[i] * apart[i] }));
    return kernel.at(x, placeOf(index, axes, dot(from, strides)));
  },
  SplitV({ node, kernel, index, output }) {
    const [x] = node.inputs;
    const axis = axisOf(node, x);
    const before = node.outputs.slice(0, output).reduce((sum, { shape }) => sum + shape[axis], 0);
    const begin = x.shape.map((_, i) => (i === axis ? before : 0));
    return partOf(x, node.outputs[output], begin, { kernel, index });
  },
  Unpack({ node, kernel, index, output }) {
    const [x] = node.inputs;
    const axis = axisOf(node, x);
    const strides = stridesOf(x.shape);
    const axes = x.shape
      .map((size, i) => ({ size, stride: strides[i] }))
      .filter((_, i) => i !== axis);
    return kernel.at(x, placeOf(index, axes, output * strides[axis]));
  },
  Concat: (call) => oneOf(call, axisOf(call.node, call.node.outputs[0])),
  Pack: (call) => oneOf(call, axisOf(call.node, call.node.outputs[0]), true),
  PadV2(call) {
    const { node, kernel, index, line } = call;
    const [x] = node.inputs;
    const [out] = node.outputs;
    const paddings = node.attrs['paddings'] as readonly (readonly number[])[];
    const inner = stridesOf(out.shape);
    const strides = stridesOf(x.shape);
    const terms: string[] = [];
    const within: string[] = [];
    for (const [axis, [before]] of paddings.entries()) {
      const size = out.shape[axis];
      const at = line(`(${index} / ${inner[axis]}u) % ${size}u - ${before}u`); // wraps round below 0
      if (x.shape[axis] !== size) within.push(`${at} < ${x.shape[axis]}u`);
      terms.push(`${at} * ${strides[axis]}u`);
    }
    const fill = literal(Number(node.attrs['constantValue'] ?? 0), out);
    if (within.length === 0) return kernel.at(x, index);
    const test = line(`(${within.join(' && ')})`);
    const place = line(`select(0u, ${terms.join(' + ')}, ${test})`);
    return `select(${fill}, ${kernel.at(x, place)}, ${test})`;
  },
  MirrorPad({ node, kernel, index, line }) {
    const [x] = node.inputs;
    const [out] = node.outputs;
    const paddings = node.attrs['paddings'] as readonly (readonly number[])[];
    const twice = node.attrs['mode'] === 'reflect' ? 0 : 1; // whether what is at the edge comes twice
    const inner = stridesOf(out.shape);
    const strides = stridesOf(x.shape);
    const terms = paddings.map(([before], axis) => {
      const last = x.shape[axis] - 1;
      const at = line(`i32((${index} / ${inner[axis]}u) % ${out.shape[axis]}u) - ${before}i`);
      const turned = `select(select(${at}, ${-twice}i - ${at}, ${at} < 0i), ${2 * last + twice}i - ${at}, ${at} > ${last}i)`;
      return `u32(${turned}) * ${strides[axis]}u`;
    });
    return kernel.at(x, line(terms.length === 0 ? '0u' : terms.join(' + ')));
  },
  Diag({ node, kernel, index, line }) {
    const [x] = node.inputs;
    const n = sizeOf(x);
    const row = line(`${index} / ${n}u`);
    return `select(${literal(0, x)}, ${kernel.at(x, row)}, ${row} == ${index} % ${n}u)`;
  },
  Tile({ node, kernel, index, line }) {
    const [x] = node.inputs;
    const [out] = node.outputs;
    const inner = stridesOf(out.shape);
    const strides = stridesOf(x.shape);
    const terms = x.shape.map(
      (size, axis) => `((${index} / ${inner[axis]}u) % ${size}u) * ${strides[axis]}u`,
    );
    return kernel.at(x, line(terms.length === 0 ? '0u' : terms.join(' + ')));
  },
  Reverse({ node, kernel, index, line }) {
    const [x] = node.inputs;
    const dims = node.attrs['dims'] as number | number[] | undefined;
    const axes = new Set(util.parseAxisParam(dims ?? x.shape.map((_, i) => i), [...x.shape]));
    const strides = stridesOf(x.shape);
    const terms = x.shape.map((size, axis) => {
      const at = `(${index} / ${strides[axis]}u) % ${size}u`;
      return axes.has(axis)
        ? `(${size - 1}u - ${at}) * ${strides[axis]}u`
        : `(${at}) * ${strides[axis]}u`;
    });
    return kernel.at(x, line(terms.length === 0 ? '0u' : terms.join(' + ')));
  },
  OneHot({ node, kernel, index, line }) {
    const [indices] = node.inputs;
    const [out] = node.outputs;
    const { depth, onValue = 1, offValue = 0 } = node.attrs;
    const at = line(kernel.at(indices, `${index} / ${Number(depth)}u`));
    const test = `${at} == i32(${index} % ${Number(depth)}u)`;
    return `select(${literal(Number(offValue), out)}, ${literal(Number(onValue), out)}, ${test})`;
  },
  ...gathers,
  ...imageMoves,
};

const numbers = (value: unknown): number[] => [value].flat().map(Number);

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);

/** A part of a tensor, from a corner on. */
function partOf(
  x: Value,
  out: Value,
  begin: readonly number[],
  { kernel, index }: Pick<PointwiseCall, 'kernel' | 'index'>,
): string {
  const strides = stridesOf(x.shape);
  const axes: Axis[] = out.shape.map((size, i) => ({ size, stride: strides[i] }));
  return kernel.at(x, placeOf(index, axes, dot(begin, strides)));
}

/** Tensors one behind the other along an axis, or along one of their own. */
function oneOf({ node, kernel, index, line }: PointwiseCall, axis: number, isNew = false): string {
  const [out] = node.outputs;
  const after = sizeOf({ shape: out.shape.slice(axis + 1) });
  const along = out.shape[axis];
  const outer = line(`${index} / ${along * after}u`);
  const rest = line(`${index} % ${along * after}u`);
  let start = 0;
  let expression = '';
  const choices = node.inputs.map((value) => {
    const size = isNew ? 1 : value.shape[axis];
    const width = size * after;
    const place = `${outer} * ${width}u + ${start === 0 ? rest : `(${rest} - ${start}u)`}`;
    const choice = { from: start, value, place };
    start += width;
    return choice;
  });
  for (const { from, value, place } of choices) {
    if (sizeOf(value) === 0) continue;
    const end = from + (isNew ? 1 : value.shape[axis]) * after;
    const guarded = `select(0u, ${place}, ${rest} >= ${from}u && ${rest} < ${end}u)`;
    const given = kernel.at(value, choices.length === 1 ? place : guarded);
    const element = converted(kernel, given, value.dtype, out.dtype);
    expression =
      expression === '' ? element : `select(${expression}, ${element}, ${rest} >= ${from}u)`;
  }
  return expression;
}
