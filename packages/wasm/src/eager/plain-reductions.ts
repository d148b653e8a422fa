import { util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { sizeOf, stridesOf, type NumericType } from '../kernels/tensor-type.js';
import { given, numbersOf } from './plain-elementwise.js';

/** A reduction: where it starts, how it goes on, what it ends with. */
interface Reduction {
  readonly start: (dtype: NumericType) => number;
  readonly next: (so: number, value: number) => number;
  readonly end?: (so: number, count: number) => number;
  /** The type of the result, where it isn't that of what is reduced. */
  readonly dtype?: NumericType;
}

/** The least of what a type can hold. */
function least(dtype: NumericType): number {
  if (dtype === 'float32') return -Infinity;
  return dtype === 'int32' ? -(2 ** 31) : 0;
}

function most(dtype: NumericType): number {
  if (dtype === 'float32') return Infinity;
  return dtype === 'int32' ? 2 ** 31 - 1 : 1;
}

/** Of nothing: 0, NaN, 1, the least and the most that the type can hold, true and false, as NumPy has it. */
export const reductions: Readonly<Record<string, Reduction>> = {
  Sum: { start: () => 0, next: (so, x) => so + x },
  Mean: { start: () => 0, next: (so, x) => so + x, end: (so, n) => so / n, dtype: 'float32' },
  Prod: { start: () => 1, next: (so, x) => so * x },
  Max: { start: least, next: (so, x) => Math.max(so, x) },
  Min: { start: most, next: (so, x) => Math.min(so, x) },
  All: { start: () => 1, next: (so, x) => (so && x ? 1 : 0), dtype: 'bool' },
  Any: { start: () => 0, next: (so, x) => (so || x ? 1 : 0), dtype: 'bool' },
};

/** A tensor seen from some of its axes: where the others begin, and where what lies along these axes is from there. */
interface Along {
  readonly starts: Int32Array;
  readonly steps: Int32Array;
  /** The shape without these axes. */
  readonly kept: number[];
}

function along({ shape }: TensorInfo, axes: readonly number[]): Along {
  const strides = stridesOf(shape);
  const all = shape.map((size, axis) => ({ size, stride: strides[axis], axis }));
  const others = all.filter(({ axis }) => !axes.includes(axis));
  return {
    starts: offsets(others),
    steps: offsets(all.filter(({ axis }) => axes.includes(axis))),
    kept: others.map(({ size }) => size),
  };
}

/** The offsets of all positions along some axes, in row-major order. */
function offsets(axes: readonly { readonly size: number; readonly stride: number }[]): Int32Array {
  const count = sizeOf({ shape: axes.map(({ size }) => size) });
  const places = new Int32Array(count);
  let repeat = 1;
  for (const { size, stride } of axes.toReversed()) {
    for (let i = 0; i < count; i++) places[i] += (Math.floor(i / repeat) % size) * stride;
    repeat *= size;
  }
  return places;
}

/** A reduction over any axes, in double precision. */
export function plainReduction({ start, next, end, dtype }: Reduction): KernelFunc {
  return ({ inputs, attrs = {}, backend }) => {
    const { x } = given(inputs);
    const wasm = backend as BackendWasm; // the one it is registered for
    const type = x.dtype as NumericType;
    const axis = (attrs['axis'] ?? attrs['reductionIndices']) as number | number[];
    const reduced = util.parseAxisParam(axis, x.shape); // all of them where none is named
    const { starts, steps, kept } = along(x, reduced);
    const shape =
      attrs['keepDims'] === true
        ? x.shape.map((size, axis) => (reduced.includes(axis) ? 1 : size))
        : kept;
    const out = wasm.makeOutput(shape, dtype ?? type);
    const [from, to] = [numbersOf(wasm, x), numbersOf(wasm, out)];
    for (const [i, first] of starts.entries()) {
      let so = start(type);
      for (let j = 0; j < steps.length; j++) so = next(so, from[first + steps[j]]);
      const value = end === undefined ? so : end(so, steps.length);
      to[i] = out.dtype === 'bool' ? Number(Boolean(value)) : value;
    }
    return out;
  };
}

/** `tf.argMax` or `tf.argMin`: the first place of the largest or smallest value; a NaN that isn't the first is passed over. */
export function plainExtreme(kernel: 'ArgMax' | 'ArgMin'): KernelFunc {
  return ({ inputs, attrs = {}, backend }) => {
    const { x } = given(inputs);
    const wasm = backend as BackendWasm; // the one it is registered for
    const axes = util.parseAxisParam(attrs['axis'] as number | number[], x.shape);
    if (axes.length !== 1) {
      throw new RangeError(
        `${kernel}: axis must be one axis of the tensor; got [${axes.join()}] for [${x.shape.join()}]`,
      );
    }
    const { starts, steps, kept } = along(x, axes);
    if (steps.length === 0 && starts.length > 0) {
      throw new RangeError(
        `${kernel}: the axis must have at least one value; got axis ${axes.join()} of [${x.shape.join()}]`,
      );
    }
    const out = wasm.makeOutput(kept, 'int32');
    const [from, to] = [numbersOf(wasm, x), numbersOf(wasm, out)];
    for (const [i, first] of starts.entries()) {
      let best = 0;
      for (let j = 1; j < steps.length; j++) {
        const [value, so] = [from[first + steps[j]], from[first + steps[best]]];
        if (kernel === 'ArgMax' ? value > so : value < so) best = j;
      }
      to[i] = best;
    }
    return out;
  };
}

/** `tf.cumsum` or `tf.cumprod`, in double precision, which PyTorch's have too. */
export function plainCumulative(kernel: 'Cumsum' | 'Cumprod'): KernelFunc {
  const isSum = kernel === 'Cumsum';
  return ({ inputs, attrs = {}, backend }) => {
    const { x } = given(inputs);
    const wasm = backend as BackendWasm; // the one it is registered for
    const named = Number(attrs['axis']);
    const axis = named < 0 ? named + x.shape.length : named;
    if (!(axis >= 0 && axis < x.shape.length)) {
      throw new RangeError(
        `${kernel}: axis must be one of the tensor's; got ${named} for [${x.shape.join()}]`,
      );
    }
    const { exclusive, reverse } = attrs;
    const { starts, steps } = along(x, [axis]);
    if (reverse === true) steps.reverse();
    const out = wasm.makeOutput([...x.shape], x.dtype === 'bool' ? 'int32' : x.dtype);
    const [from, to] = [numbersOf(wasm, x), numbersOf(wasm, out)];
    for (const first of starts) {
      let so = isSum ? 0 : 1;
      for (const step of steps) {
        const value = from[first + step];
        const after = isSum ? so + value : so * value;
        to[first + step] = exclusive === true ? so : after;
        so = after;
      }
    }
    return out;
  };
}
