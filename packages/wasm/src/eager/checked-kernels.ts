import {
  slice_util,
  type KernelConfig,
  type KernelFunc,
  type NamedAttrMap,
  type SliceAttrs,
} from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

type Call = Parameters<KernelFunc>[0];
/** What an operation passes, which has checked it. */
type Attributes<T> = NamedAttrMap & T;

/** A kernel that is called only after a check of its call. */
function checked(
  stock: KernelConfig,
  check: (call: Call, kernelName: string) => void,
): KernelConfig {
  return {
    ...stock,
    kernelFunc(call) {
      check(call, stock.kernelName);
      return stock.kernelFunc(call);
    },
  };
}

/** The kernels that work on tensors of strings, or on their shapes alone. */
const ofStrings = new Set([
  'Concat',
  'ExpandDims',
  'Identity',
  'Pack',
  'Reshape',
  'Slice',
  'StringNGrams',
  'StringSplit',
  'StringToHashBucketFast',
  'Unique',
  'Unpack',
]);

/** A kernel that refuses tensors of strings where the backend's own would end with rubbish or abort its module. */
export function refusingStrings(stock: KernelConfig): KernelConfig {
  if (ofStrings.has(stock.kernelName)) return stock;
  return checked(stock, ({ inputs }, kernelName) => {
    for (const name in inputs) {
      if (inputs[name]?.dtype === 'string') {
        throw new TypeError(
          `${kernelName}: ${name} must hold numbers; got a tensor of strings, for which the wasm backend has no kernel; ` +
            "compute it in JavaScript or, after tf.setBackend('cpu'), on tfjs' CPU backend",
        );
      }
    }
  });
}

/** Kernels of the backend that read or write beside a tensor where an argument is out of range, each with a check before it. */
export const checkedKernels: readonly (readonly [
  name: string,
  make: (stock: KernelConfig) => KernelConfig,
])[] = [
  ['Slice', (stock) => checked(stock, checkSlice)],
  ['PadV2', (stock) => checked(paddedByNumbers(stock), checkPaddings)],
  ['GatherNd', within('indices', ({ inputs }) => inputs['params']?.shape)],
  ['ScatterNd', within('indices', ({ attrs }) => attrs?.['shape'])],
  ['TensorScatterUpdate', within('indices', ({ inputs }) => inputs['tensor']?.shape)],
  ['SparseToDense', within('sparseIndices', ({ attrs }) => attrs?.['outputShape'])],
  ['CropAndResize', within('boxInd', ({ inputs }) => inputs['image']?.shape)],
  ['DenseBincount', (stock) => checked(stock, checkCounts)],
  ['Bincount', bincount],
];

/** Checks that an input's indices, tuples along its last axis if it has several, lead to places in a tensor of some shape. */
function within(
  input: string,
  shapeOf: (call: Call) => unknown,
): (stock: KernelConfig) => KernelConfig {
  const check = (call: Call, kernelName: string): void => {
    const info = call.inputs[input];
    const shape = listOf(shapeOf(call));
    const width = info !== undefined && info.shape.length > 1 ? (info.shape.at(-1) ?? 1) : 1;
    const indices = numbersOf(call, input);
    for (let i = 0; i < indices.length; i++) {
      const axis = i % width;
      if (indices[i] >= 0 && indices[i] < shape[axis]) continue;
      const place = Array.from({ length: width }, (_, j) => indices[i - axis + j]);
      throw new RangeError(
        `${kernelName}: ${input} must be within the shape [${shape.join()}]; got ${place.join()}`,
      );
    }
  };
  return (stock) => checked(stock, check);
}

function checkSlice({ inputs: { x }, attrs = {} }: Call): void {
  if (x === undefined) return;
  const { begin, size } = attrs as Attributes<SliceAttrs>;
  const [from, sizes] = slice_util.parseSliceParams(x, begin, size);
  slice_util.assertParamsValid(x, from, sizes);
}

function checkPaddings({ attrs = {} }: Call, kernelName: string): void {
  const { paddings } = attrs as Attributes<{ readonly paddings: [number, number][] }>;
  if (paddings.flat().every((size) => size >= 0)) return;
  throw new RangeError(
    `${kernelName}: paddings must be 0 and above; got [${paddings.join('], [')}]; cut off with tf.slice`,
  );
}

/** The backend keeps a pad by NaN for all that come after, also within `spaceToBatchND`: it pads by 0, and a kernel of ours by NaN. */
const paddedByNumbers = (stock: KernelConfig): KernelConfig => ({
  ...stock,
  kernelFunc(call) {
    const isByNaN = Number.isNaN(call.attrs?.['constantValue']);
    return stock.kernelFunc(
      isByNaN ? { ...call, attrs: { ...call.attrs, constantValue: 0 } } : call,
    );
  },
});

function checkCounts(call: Call, kernelName: string): void {
  const values = numbersOf(call, 'x');
  for (let i = 0; i < values.length; i++) {
    if (values[i] < 0) {
      throw new RangeError(`${kernelName}: Input x must be non-negative! Got ${values[i]}`);
    }
  }
}

/** `tf.bincount`: how often, or with what sum of weights, each whole number below `size` is in x, of any shape. */
function bincount(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc(call) {
      checkCounts(call, stock.kernelName);
      const { inputs, attrs, backend } = call;
      const wasm = backend as BackendWasm; // the one it is registered for
      const size = Number(attrs?.['size']);
      const out = wasm.makeOutput([size], inputs['weights']?.dtype ?? 'float32');
      // Views are taken after the output's allocation, which may have moved the heap.
      const [x, weights, to] = [
        numbersOf(call, 'x'),
        numbersOf(call, 'weights'),
        wasm.typedArrayFromHeap(out),
      ];
      to.fill(0);
      for (let i = 0; i < x.length; i++) {
        if (x[i] < size) to[x[i]] += weights.length > 0 ? weights[i] : 1;
      }
      return out;
    },
  };
}

function numbersOf({ inputs, backend }: Call, input: string): ArrayLike<number> {
  const info = inputs[input];
  return info === undefined ? [] : (backend as BackendWasm).typedArrayFromHeap(info);
}

const listOf = (value: unknown): number[] => [value].flat().map(Number);
