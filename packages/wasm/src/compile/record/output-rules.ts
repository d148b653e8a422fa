import {
  backend_util,
  upcastType,
  util,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { NumericType, TensorType } from '../../kernels/tensor-type.js';
import { productShape } from '../../ops/product.js';

type Inputs = Readonly<Record<string, TensorInfo>>;

/** What a kernel returns: one tensor, or a list. */
export type OutputTypes = TensorType | readonly TensorType[];

/** Gives nothing, or throws, where the kernel refuses the call. */
export type Rule = (inputs: Inputs, attrs: NamedAttrMap) => OutputTypes | undefined;

export const typed = (shape: readonly number[], dtype: string): TensorType => ({
  shape,
  dtype: dtype as NumericType, // all inputs have been looked at, and what comes of them will be
});
export const like = ({ shape, dtype }: TensorInfo): TensorType => typed(shape, dtype);
export const numbers = (value: unknown): number[] => [value].flat().map(Number);

/** All of these names. */
export const each = (names: string, rule: Rule): Readonly<Record<string, Rule>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, rule]));

/** What the first input is, of its type or of another. */
export const likeFirst =
  (dtype?: NumericType): Rule =>
  (inputs) => {
    const [first] = Object.values(inputs);
    return typed(first.shape, dtype ?? first.dtype);
  };

/** Of two inputs that are broadcast, whose type holds both where there is no other. */
export const broadcast =
  (dtypeOf: (both: string) => string = (both) => both): Rule =>
  (inputs) => {
    const [a, b] = Object.values(inputs);
    const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    return typed(shape, dtypeOf(upcastType(a.dtype, b.dtype)));
  };

export const reduction =
  (dtype?: NumericType): Rule =>
  ({ x }, attrs) => {
    const axis = (attrs['axis'] ?? attrs['reductionIndices']) as number | number[];
    const axes = util.parseAxisParam(axis, x.shape);
    const isKept = attrs['keepDims'] === true;
    const shape = x.shape.flatMap((size, i) => (axes.includes(i) ? (isKept ? [1] : []) : [size]));
    return typed(shape, dtype ?? x.dtype);
  };

/** The place of the largest or smallest along one axis, which must have values. */
export const extreme: Rule = ({ x }, { axis }) => {
  const [at, ...others] = util.parseAxisParam(axis as number | number[], x.shape);
  if (others.length > 0 || !(x.shape[at] > 0)) return undefined;
  return typed(x.shape.toSpliced(at, 1), 'int32');
};

export const cumulative: Rule = ({ x }, { axis }) => {
  util.parseAxisParam(Number(axis), x.shape);
  return x.shape.length === 0 ? undefined : typed(x.shape, x.dtype === 'bool' ? 'int32' : x.dtype);
};

const paddings = (attrs: NamedAttrMap): number[][] =>
  (attrs['paddings'] as number[][]).map(numbers);

export const padded: Rule = ({ x }, attrs) =>
  paddings(attrs)
    .flat()
    .every((size) => size >= 0)
    ? typed(
        paddings(attrs).map(([before, after], i) => before + x.shape[i] + after),
        x.dtype,
      )
    : undefined;

type Shape4 = [number, number, number, number];

export const convolution =
  (isDepthwise: boolean): Rule =>
  ({ x, filter }, attrs) => {
    const { strides, dilations, pad, dimRoundingMode, dataFormat } = attrs as NamedAttrMap &
      Convolution;
    const info = backend_util.computeConv2DInfo(
      x.shape as Shape4,
      filter.shape as Shape4,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      isDepthwise,
      backend_util.convertConv2DDataFormat(dataFormat ?? 'NHWC'),
    );
    return typed(info.outShape, 'float32');
  };

interface Convolution {
  readonly strides: number | [number, number];
  readonly dilations?: number | [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: 'NHWC' | 'NCHW';
}

export const product: Rule = ({ a, b }, { transposeA, transposeB }) => {
  const isWhole = a.dtype === 'int32' && b.dtype === 'int32';
  if (!isWhole && (a.dtype !== 'float32' || b.dtype !== 'float32')) return undefined;
  const shape = productShape({
    a,
    b,
    transposeA: transposeA === true,
    transposeB: transposeB === true,
  });
  return typed(shape, isWhole ? 'int32' : 'float32');
};

/** How many numbers a range has, as tfjs counts them. */
export function rangeLength(start: number, stop: number, step: number): number {
  const isEmpty = start === stop || (start < stop && step < 0) || (stop < start && step > 1);
  return isEmpty ? 0 : Math.abs(Math.ceil((stop - start) / step));
}
