import { inputNamed, sizeOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import type { KernelContext, Pointwise } from '../wgsl/kernel.js';
import { given } from '../pointwise/activations.js';
import { broadcastAxes, placeOf } from '../wgsl/indices.js';
import { product } from './product.js';
import { filterWindows, meeting, windowAt, type Windows } from './windows.js';

// A convolution is a product of a matrix of patches with the filter; patches aren't in memory, but read where they are.

/** `Conv2D`, and `FusedConv2D` with bias and activation. */
export function convolution(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x, filter] = ['x', 'filter'].map((name) => given(node, name));
  const [out] = node.outputs;
  const windows = filterWindows(node, { image: x.shape, filter: filter.shape, out: out.shape });
  const [rows, depth, channels] = [
    sizeOf(out) / out.shape[3],
    sizeOf(filter) / filter.shape[3],
    filter.shape[3],
  ];
  const [patches, withPatches] = matrixOf(context, [rows, depth], {
    windows,
    of: x,
    compute: patchesOf,
  });
  let within = withPatches;
  const rest = ['bias', 'preluActivationWeights'].flatMap((name) => {
    const given = inputNamed(node, name);
    if (given === undefined) return [];
    const [value, more] = underOutput(within, given, out);
    within = more;
    return [{ name, value }];
  });
  return product(
    {
      ...node,
      names: ['a', 'b', ...rest.map(({ name }) => name)],
      inputs: [patches, reshaped(filter, [depth, channels]), ...rest.map(({ value }) => value)],
      outputs: [reshaped(out, [rows, channels])],
    },
    within,
  );
}

/** `Conv2DBackpropFilter`: the product of patches, turned, and the output's gradient. */
export function filterGradient(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x, dy] = ['x', 'dy'].map((name) => given(node, name));
  const [out] = node.outputs;
  const windows = filterWindows(node, { image: x.shape, filter: out.shape, out: dy.shape });
  const channels = dy.shape[3];
  const [rows, depth] = [sizeOf(dy) / channels, sizeOf(out) / channels];
  const [patches, withPatches] = matrixOf(context, [rows, depth], {
    windows,
    of: x,
    compute: patchesOf,
  });
  return product(
    {
      ...node,
      names: ['a', 'b'],
      inputs: [patches, reshaped(dy, [rows, channels])],
      outputs: [reshaped(out, [depth, channels])],
      attrs: { transposeA: true },
    },
    withPatches,
  );
}

/** `Conv2DBackpropInput`: the product of what of the output's gradient meets an element, and the filter, its channels turned. */
export function inputGradient(node: GraphNode, context: KernelContext): Dispatch[] {
  const [dy, filter] = ['dy', 'filter'].map((name) => given(node, name));
  const [out] = node.outputs;
  const windows = filterWindows(node, { image: out.shape, filter: filter.shape, out: dy.shape });
  const [C, O] = [out.shape[3], dy.shape[3]];
  const [rows, depth] = [sizeOf(out) / C, windows.filter[0] * windows.filter[1] * O];
  const [meetings, first] = matrixOf(context, [rows, depth], {
    windows,
    of: dy,
    compute: meetingsOf,
  });
  const [turned, second] = computedValue(first, [depth, C], ({ kernel, index, line }) => {
    const row = line(`${index} / ${C}u`);
    return kernel.at(
      filter,
      `(${row} / ${O}u * ${C}u + ${index} % ${C}u) * ${O}u + ${row} % ${O}u`,
    );
  });
  return product(
    {
      ...node,
      names: ['a', 'b'],
      inputs: [meetings, turned],
      outputs: [reshaped(out, [rows, C])],
      attrs: {},
    },
    second,
  );
}

/** A matrix of patches: of windows of one element the tensor itself. */
function matrixOf(
  context: KernelContext,
  shape: readonly [rows: number, columns: number],
  {
    windows,
    of,
    compute,
  }: {
    readonly windows: Windows;
    readonly of: Value;
    readonly compute: (windows: Windows, of: Value) => Pointwise;
  },
): readonly [value: Value, context: KernelContext] {
  const { image, out, filter, before } = windows;
  const isItself =
    image.every((size, i) => size === out[i] && filter[i] === 1) && before.every((n) => n === 0);
  return isItself
    ? [reshaped(of, shape), context]
    : computedValue(context, shape, compute(windows, of));
}

/** The image under each window: rows by the output's places, columns by the filter's. */
function patchesOf(windows: Windows, x: Value): Pointwise {
  const { channels, image, filter, out } = windows;
  const depth = filter[0] * filter[1] * channels;
  return ({ kernel, index, line }) => {
    const [row, column] = [line(`${index} / ${depth}u`), line(`${index} % ${depth}u`)];
    const place = line(`${column} / ${channels}u`);
    const [down, across] = [`(${row} / ${out[1]}u) % ${out[0]}u`, `${row} % ${out[1]}u`];
    const h = line(meeting(windows, 0, `(${down})`, `(${place} / ${filter[1]}u)`));
    const w = line(meeting(windows, 1, `(${across})`, `(${place} % ${filter[1]}u)`));
    const isInside = line(`${h} < ${image[0]}u && ${w} < ${image[1]}u`);
    const b = `${row} / ${out[0] * out[1]}u`;
    const at = `((${b} * ${image[0]}u + ${h}) * ${image[1]}u + ${w}) * ${channels}u + ${column} % ${channels}u`;
    return `select(0.0f, ${kernel.at(x, line(`select(0u, ${at}, ${isInside})`))}, ${isInside})`;
  };
}

/** The output's gradient that each element of the image meets: rows by the image's places, columns by the filter's. */
function meetingsOf(windows: Windows, dy: Value): Pointwise {
  const { image, filter, out } = windows;
  const channels = dy.shape[3];
  const depth = filter[0] * filter[1] * channels;
  return ({ kernel, index, line }) => {
    const [row, column] = [line(`${index} / ${depth}u`), line(`${index} % ${depth}u`)];
    const place = line(`${column} / ${channels}u`);
    const [down, across] = [`(${row} / ${image[1]}u) % ${image[0]}u`, `${row} % ${image[1]}u`];
    const rows = windowAt(windows, 0, `(${down})`, `(${place} / ${filter[1]}u)`);
    const columns = windowAt(windows, 1, `(${across})`, `(${place} % ${filter[1]}u)`);
    const isMet = line(`${rows.meets} && ${columns.meets}`);
    const b = `${row} / ${image[0] * image[1]}u`;
    const at = `((${b} * ${out[0]}u + ${rows.window}) * ${out[1]}u + ${columns.window}) * ${channels}u + ${column} % ${channels}u`;
    return `select(0.0f, ${kernel.at(dy, line(`select(0u, ${at}, ${isMet})`))}, ${isMet})`;
  };
}

/** Below the ids of a graph and of what plans add. */
const COMPUTED = -3_000_000;

/** A matrix that is computed where it is read, and the context in which it is. */
function computedValue(
  context: KernelContext,
  shape: readonly [rows: number, columns: number],
  compute: Pointwise,
): readonly [value: Value, context: KernelContext] {
  if (shape[0] * shape[1] >= 2 ** 32) {
    throw new Error(
      `compile: WebGPU has no kernel for a convolution of ${shape[0]} patches of ${shape[1]} elements; make batches smaller`,
    );
  }
  const value: Value = {
    id: COMPUTED - context.inlined.size,
    shape,
    dtype: 'float32',
    source: { kind: 'node' },
  };
  const node: GraphNode = { kernel: 'Patches', names: [], inputs: [], attrs: {}, outputs: [value] };
  const inlined = new Map([...context.inlined, [value.id, { node, compute }] as const]);
  return [value, { ...context, inlined }];
}

const reshaped = (value: Value, shape: readonly number[]): Value => ({ ...value, shape });

/** A bias or slopes: a row, or a matrix where places of the output have others. */
function underOutput(
  context: KernelContext,
  value: Value,
  out: Value,
): readonly [value: Value, context: KernelContext] {
  const channels = out.shape[3];
  const size = sizeOf(value);
  if (size === 1 || (size === channels && value.shape.at(-1) === channels)) {
    return [reshaped(value, [size]), context];
  }
  const axes = broadcastAxes(value.shape, out.shape);
  return computedValue(context, [sizeOf(out) / channels, channels], ({ kernel, index }) =>
    kernel.at(value, placeOf(index, axes)),
  );
}
