import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorType } from '../kernels/tensor-type.js';
import { CallCache } from './call-cache.js';
import { lowerCall, type LoweredCall, typesOf } from './lowered-call.js';

/** What is known of a call: what it gives, and our kernels for it where there are some. */
interface Known {
  readonly types: readonly TensorType[];
  /** Whether it gives a list, be it of one. */
  readonly isList: boolean;
  readonly lowered: LoweredCall | undefined;
}

/**
 * A kernel of tfjs that runs as `compile` would run it, wherever that has kernels for the shapes, types and attributes;
 * else as it is. Of each such combination the first call runs the given kernel too, to learn what it gives, but the
 * values are always of one of the two, whatever was called before.
 *
 * @param inputNames - in the order that the lowering expects; none where the kernel takes a list
 */
export function fasterKernel(stock: KernelConfig, inputNames?: readonly string[]): KernelConfig {
  const { kernelName: kernel, kernelFunc: slow } = stock;
  const calls = new CallCache<Known>();
  const kernelFunc: KernelFunc = (call) => {
    const attrs = call.attrs ?? {};
    const wasm = call.backend as BackendWasm; // the one it is registered for
    const inputs = inputsOf(call.inputs, inputNames);
    if (inputs === undefined) return slow(call);
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
      if (error instanceof RangeError) return slow(call); // an index out of range: it has its own words for that
      throw error;
    }
    return isList ? outputs : outputs[0];
  };
  return { ...stock, kernelFunc };
}

/** The inputs in their order, or nothing when one isn't there. */
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
  // One that hands on its input's memory is as fast as can be, and must not be written to.
  const isAlias = outputs.some(({ dataId }) => inputs.some((input) => input.dataId === dataId));
  const isEmpty = [...given, ...types].some(({ shape }) => shape.includes(0));
  const lowered =
    isAlias || isEmpty ? undefined : lowerCall({ ...called, inputs: given, outputs: types });
  return { types, isList, lowered };
}
