import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { LONG } from '../kernels/kernel-functions.js';
import type { TensorType } from '../kernels/tensor-type.js';
import { CallCache, lowerCall, typesOf, type LoweredCall } from './lowered-call.js';

/** Whether ours is to be used for some inputs. */
type Covers = (inputs: readonly TensorInfo[]) => boolean;

/** The denominators of long rows lose digits in the backend's own kernel. */
const isLong: Covers = ([{ shape }]) => (shape.at(-1) ?? 0) > LONG;

/**
 * tfjs' kernels that ours outrun, and their inputs in the order of the lowerings; none for those that take a list.
 * Measured in Node 20 on shapes of small models: exp, log, tanh and erf 1.7 to 13 times faster, comparisons 3 to 16,
 * reductions 2 to 20, moves 1.2 to 140. Not in the list are those that the backend gives to XNNPACK, where ours gain
 * half a microsecond on small tensors and are slower on large ones: Add and its like, Relu, Neg, Square, Sigmoid, Softmax.
 */
export const fasterKernels: readonly (readonly [
  name: string,
  inputs?: readonly string[],
  covers?: Covers,
])[] = [
  ['Maximum', ['a', 'b']],
  ['Minimum', ['a', 'b']],
  ['Greater', ['a', 'b']],
  ['GreaterEqual', ['a', 'b']],
  ['Less', ['a', 'b']],
  ['LessEqual', ['a', 'b']],
  ['Equal', ['a', 'b']],
  ['Select', ['condition', 't', 'e']],
  ['Exp', ['x']],
  ['Log', ['x']],
  ['Tanh', ['x']],
  ['Erf', ['x']],
  ['Sqrt', ['x']],
  ['Rsqrt', ['x']],
  ['Sum', ['x']],
  ['Mean', ['x']],
  ['Max', ['x']],
  ['Cast', ['x']],
  ['ClipByValue', ['x']],
  ['Relu6', ['x']],
  ['OneHot', ['indices']],
  ['Softmax', ['logits'], isLong],
  ['Transpose', ['x']],
  ['Slice', ['x']],
  ['SplitV', ['x']],
  ['Concat'],
  ['Pack'],
  ['Unpack', ['value']],
  ['PadV2', ['x']],
  ['Tile', ['x']],
];

/**
 * `tf.clone`, by which every tensor goes that is saved for the backward pass: another name for the same memory, where the
 * backend's own kernel copies it. Tensors never change, and a compiled step that writes to a variable first gives it
 * memory of its own if something else shows what it has.
 */
export function aliasingIdentity(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc(call) {
      const { x } = call.inputs;
      if (x === undefined || x.dtype === 'string') return stock.kernelFunc(call);
      const wasm = call.backend as BackendWasm; // the one it is registered for
      wasm.incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  };
}

/** What is known about a call: what it returns, and our kernels for it if there are any. */
interface Known {
  readonly types: readonly TensorType[];
  /** Whether it returns a list, even of one. */
  readonly isList: boolean;
  readonly lowered: LoweredCall | undefined;
}

/**
 * A kernel of tfjs that runs as `compile` would run it, wherever that has kernels for the shapes, types and attributes;
 * else as it is. The first call of each such combination runs the given kernel too, to learn what it returns, but the
 * values always come from the same one of the two, whatever was called before.
 *
 * @param inputNames - in the order that the lowering expects; none where the kernel takes a list
 * @param covers - the inputs that ours is used for; default: all
 */
export function fasterKernel(
  stock: KernelConfig,
  inputNames?: readonly string[],
  covers: Covers = () => true,
): KernelConfig {
  const { kernelName: kernel, kernelFunc: slow } = stock;
  const calls = new CallCache<Known>();
  const kernelFunc: KernelFunc = (call) => {
    const attrs = call.attrs ?? {};
    const wasm = call.backend as BackendWasm; // the one it is registered for
    const inputs = inputsOf(call.inputs, inputNames);
    if (inputs === undefined || !covers(inputs)) return slow(call);
    let first: TensorInfo | TensorInfo[] | undefined;
    const known = calls.get(inputs, attrs, () => {
      first = slow(call);
      return learn({ kernel, names: inputNames, attrs }, inputs, first);
    });
    const { types, isList, lowered } = known;
    if (lowered === undefined) return first ?? slow(call);
    const outputs =
      first === undefined
        ? types.map(({ shape, dtype }) => wasm.makeOutput([...shape], dtype))
        : [first].flat();
    try {
      lowered.run(wasm, inputs, outputs);
    } catch (error) {
      for (const { dataId } of outputs) wasm.disposeData(dataId);
      if (error instanceof RangeError) return slow(call); // an index out of range: tfjs' kernel has its own message
      throw error;
    }
    return isList ? outputs : outputs[0];
  };
  return { ...stock, kernelFunc };
}

/** The inputs in their order, or nothing when one is missing. */
function inputsOf(
  given: Readonly<Record<string, TensorInfo | undefined>>,
  names: readonly string[] | undefined,
): TensorInfo[] | undefined {
  const inputs: TensorInfo[] = [];
  for (const info of names === undefined
    ? Object.values(given)
    : names.map((name) => given[name])) {
    if (info === undefined || info === null) return undefined;
    inputs.push(info);
  }
  return inputs;
}

interface Called {
  readonly kernel: string;
  readonly names: readonly string[] | undefined;
  readonly attrs: NamedAttrMap;
}

function learn(
  called: Called,
  inputs: readonly TensorInfo[],
  result: TensorInfo | TensorInfo[],
): Known {
  const outputs = [result].flat();
  const isList = Array.isArray(result);
  const [given, types] = [typesOf(inputs), typesOf(outputs)];
  if (given === undefined || types === undefined) return { types: [], isList, lowered: undefined };
  // One that passes its input's memory on is as fast as can be, and must not be written to.
  const isAlias = outputs.some(({ dataId }) => inputs.some((input) => input.dataId === dataId));
  const isEmpty = [...given, ...types].some(({ shape }) => shape.includes(0));
  const lowered =
    isAlias || isEmpty ? undefined : lowerCall({ ...called, inputs: given, outputs: types });
  return { types, isList, lowered };
}
