import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  binaryKernels,
  numbersOf,
  plainBinary,
  plainCast,
  plainOneHot,
  plainSelect,
  plainUnary,
  unaryKernels,
} from './plain-elementwise.js';
import {
  conv3dFilterGradient,
  conv3dInputGradient,
  dilation2d,
  dilation2dGradient,
} from './plain-windows.js';
import { plainCumulative, plainExtreme, plainReduction, reductions } from './plain-reductions.js';
import { plainTopK } from './plain-top-k.js';

/** Whether the backend's own kernel is right for a call. */
type IsRight = (inputs: readonly TensorInfo[], attrs: NamedAttrMap, wasm: BackendWasm) => boolean;

/** A kernel in JavaScript, for calls that the backend's own gets wrong. */
interface Correction {
  readonly name: string;
  readonly plain: KernelFunc;
  readonly isRight: IsRight;
}

const never: IsRight = () => false;
const areAll = (inputs: readonly TensorInfo[], ...dtypes: readonly string[]): boolean =>
  dtypes.some((dtype) => inputs.every((info) => info.dtype === dtype));
const areOf =
  (...dtypes: readonly string[]): IsRight =>
  (inputs) =>
    areAll(inputs, ...dtypes);
const hasValues = ({ shape }: TensorInfo): boolean => !shape.includes(0);

/**
 * Kernels that are wrong for float32 too: sines and cosines of large numbers, `sign` of subnormal ones, NaN in
 * `clipByValue` and `relu6`.
 */
const unaryRight: Readonly<Record<string, IsRight>> = Object.fromEntries(
  ['Cos', 'Sin', 'Tan', 'Sign', 'ClipByValue', 'Relu6', 'LogicalNot'].map((name) => [name, never]),
);

/**
 * Of two tensors. The backend's kernels take a bool's bytes for int32; a NaN beside a row that is broadcast is lost in
 * `maximum` and `minimum`; `mod` rounds before the division, and ends in a trap where an int32 is divided by 0;
 * `prelu` of a scalar doesn't end.
 */
const binaryRight: Readonly<Record<string, IsRight>> = {
  ...Object.fromEntries(['Mod', 'Prelu'].map((name) => [name, never])),
  ...Object.fromEntries(
    ['Pow', 'FloorDiv', 'RealDiv', 'Atan2'].map((name) => [name, areOf('float32')]),
  ),
  Maximum: areOf('int32'),
  Minimum: areOf('int32'),
};

const binaryNames: Readonly<Record<string, readonly [string, string]>> = { Prelu: ['x', 'alpha'] };

/** Empty tensors, of which the backend returns what lies in memory; long products and means, which lose digits. */
const reductionRight: Readonly<Record<string, IsRight>> = {
  Sum: (inputs) => areAll(inputs, 'int32') && inputs.every(hasValues),
  Prod: (inputs) => areAll(inputs, 'int32') && inputs.every(hasValues),
  Max: (inputs) => areAll(inputs, 'float32', 'int32') && inputs.every(hasValues),
  Min: (inputs) => areAll(inputs, 'float32', 'int32') && inputs.every(hasValues),
};

/** Over one axis that has values; of several the backend takes the first, in silence. */
const isPlainExtreme: IsRight = (inputs, { axis }) =>
  areAll(inputs, 'float32', 'int32') &&
  inputs.every((info) => hasValues(info) && info.shape.length > 0) &&
  (typeof axis === 'number' || (Array.isArray(axis) && axis.length === 1));

/** Of NaN the backend takes some for the largest, and of nothing none. */
const isPlainTopK: IsRight = ([x], { k }, wasm) => {
  if (!hasValues(x) || k === 0) return false;
  return x.dtype === 'int32' || (x.dtype === 'float32' && !numbersOf(wasm, x).some(Number.isNaN));
};

const corrections: readonly Correction[] = [
  ...Object.entries(unaryKernels).map(([name, kernel]) => ({
    name,
    plain: plainUnary(kernel),
    isRight: unaryRight[name] ?? areOf('float32'),
  })),
  ...Object.entries(binaryKernels).map(([name, kernel]) => ({
    name,
    plain: plainBinary(kernel, binaryNames[name] ?? ['a', 'b']),
    // XNNPACK has six dimensions, and leaves what lies in memory where there are more.
    isRight: (inputs: readonly TensorInfo[], attrs: NamedAttrMap, wasm: BackendWasm): boolean =>
      inputs.every(({ shape }) => shape.length <= 6) &&
      (binaryRight[name] ?? areOf('float32', 'int32'))(inputs, attrs, wasm),
  })),
  ...Object.entries(reductions).map(([name, kernel]) => ({
    name,
    plain: plainReduction(kernel),
    isRight: reductionRight[name] ?? never,
  })),
  ...(['ArgMax', 'ArgMin'] as const).map((name) => ({
    name,
    plain: plainExtreme(name),
    isRight: isPlainExtreme,
  })),
  ...(['Cumsum', 'Cumprod'] as const).map((name) => ({
    name,
    plain: plainCumulative(name),
    isRight: never,
  })),
  {
    name: 'Select',
    plain: plainSelect,
    isRight: ([, ...values]) => areAll(values, 'float32', 'int32'),
  },
  { name: 'Conv3DBackpropInputV2', plain: conv3dInputGradient, isRight: never },
  { name: 'Conv3DBackpropFilterV2', plain: conv3dFilterGradient, isRight: never },
  { name: 'Dilation2D', plain: dilation2d, isRight: never },
  { name: 'Dilation2DBackpropInput', plain: dilation2dGradient('x'), isRight: never },
  { name: 'Dilation2DBackpropFilter', plain: dilation2dGradient('filter'), isRight: never },
  { name: 'TopK', plain: plainTopK, isRight: isPlainTopK },
  { name: 'Cast', plain: plainCast, isRight: never },
  { name: 'OneHot', plain: plainOneHot, isRight: never },
];

/** Kernels that move values of four bytes, whatever the type says. */
const movesOfWords = [
  'Reverse',
  'SpaceToBatchND',
  'BatchToSpaceND',
  'DepthToSpace',
  'FlipLeftRight',
  'StridedSlice',
];

/** A kernel that is handed bool as int32, and whose result is bool again. */
function viaIntegers({ kernelFunc: stock }: KernelConfig): KernelFunc {
  return (call) => {
    const { x, images, image } = call.inputs;
    const input = x ?? images ?? image;
    if (input?.dtype !== 'bool') return stock(call);
    const wasm = call.backend as BackendWasm; // the one it is registered for
    const cast = (from: TensorInfo, dtype: 'int32' | 'bool'): TensorInfo =>
      plainCast({ inputs: { x: from }, attrs: { dtype }, backend: wasm }) as TensorInfo;
    const words = cast(input, 'int32');
    const name = Object.keys(call.inputs).find((key) => call.inputs[key] === input) ?? 'x';
    const moved = stock({ ...call, inputs: { ...call.inputs, [name]: words } }) as TensorInfo;
    const result = cast(moved, 'bool');
    for (const { dataId } of [words, moved]) wasm.disposeData(dataId);
    return result;
  };
}

/** Kernels that call their result float32 whatever it is: of words that are moved, or of values that were converted. */
function keepingType({ kernelFunc: stock }: KernelConfig, isMove: boolean): KernelFunc {
  return (call) => {
    const { x, images } = call.inputs;
    const dtype = (x ?? images)?.dtype;
    const result = stock(call) as TensorInfo;
    if (dtype !== 'int32' || result.dtype === 'int32') return result;
    const wasm = call.backend as BackendWasm; // the one it is registered for
    if (isMove) {
      wasm.dataIdMap.get(result.dataId).dtype = 'int32';
      return { ...result, dtype: 'int32' };
    }
    const whole = plainCast({ inputs: { x: result }, attrs: { dtype: 'int32' }, backend: wasm });
    wasm.disposeData(result.dataId);
    return whole;
  };
}

/** A kernel that refuses some calls: those that it, and the CPU backend too or nobody, computes right. */
function refusing(
  name: string,
  problem: (inputs: readonly TensorInfo[], attrs: NamedAttrMap) => string | undefined,
): readonly [string, (stock: KernelConfig) => KernelConfig] {
  return [
    name,
    (stock) => ({
      ...stock,
      kernelFunc(call) {
        const wrong = problem(Object.values(call.inputs).filter(isGiven), call.attrs ?? {});
        if (wrong !== undefined) throw new RangeError(`${name}: ${wrong}`);
        return stock.kernelFunc(call);
      },
    }),
  ];
}

/** tfjs computes the gradient of resizing as if the pixels' corners were their centres. */
const halfPixels = (
  _: readonly TensorInfo[],
  { halfPixelCenters }: NamedAttrMap,
): string | undefined =>
  halfPixelCenters === true
    ? 'halfPixelCenters must be false where a gradient is taken; got true; resize outside of what is trained'
    : undefined;

const manyChannels = ([{ shape }]: readonly TensorInfo[]): string | undefined =>
  (shape[3] ?? 0) > 4
    ? `images must have up to 4 channels; got [${shape.join()}]; rotate groups of channels`
    : undefined;

/** Kernels of the backend by their name, made right, with tfjs' CPU backend as the measure. */
export const correctedKernels: readonly (readonly [
  name: string,
  correct: (stock: KernelConfig) => KernelConfig,
])[] = [
  refusing('ResizeBilinearGrad', halfPixels),
  refusing('ResizeNearestNeighborGrad', halfPixels),
  refusing('RotateWithOffset', manyChannels),
  [
    'StridedSlice',
    (stock: KernelConfig): KernelConfig => ({ ...stock, kernelFunc: keepingType(stock, true) }),
  ],
  [
    'ResizeNearestNeighbor',
    (stock: KernelConfig): KernelConfig => ({ ...stock, kernelFunc: keepingType(stock, false) }),
  ],
  ...movesOfWords.map(
    (name) =>
      [name, (stock: KernelConfig) => ({ ...stock, kernelFunc: viaIntegers(stock) })] as const,
  ),
  ...corrections.map(
    ({ name, plain, isRight }) =>
      [
        name,
        (stock: KernelConfig): KernelConfig => ({
          ...stock,
          kernelFunc(call) {
            const inputs = Object.values(call.inputs).filter(isGiven);
            const wasm = call.backend as BackendWasm; // the one it is registered for
            return (isRight(inputs, call.attrs ?? {}, wasm) ? stock.kernelFunc : plain)(call);
          },
        }),
      ] as const,
  ),
];

/** Inputs that are optional may be missing. */
const isGiven = (info: TensorInfo | undefined | null): info is TensorInfo =>
  info !== undefined && info !== null;
