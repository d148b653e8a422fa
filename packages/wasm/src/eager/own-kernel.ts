import type {
  KernelConfig,
  KernelFunc,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorType } from '../kernels/tensor-type.js';
import { CallCache } from './call-cache.js';
import { lowerCall, type LoweredCall, typesOf } from './lowered-call.js';

/** A kernel of this package's own, which `compile` lowers under the same name. */
export interface OwnKernel<InputName extends string> {
  readonly kernelName: string;
  readonly inputNames: readonly InputName[];
  /** What it gives. @throws RangeError when inputs or attributes don't fit */
  readonly outputs: (
    inputs: Readonly<Record<InputName, TensorInfo>>,
    attrs: NamedAttrMap,
  ) => TensorType[];
}

/** A call that has been checked and lowered. */
interface Ready {
  readonly types: readonly TensorType[];
  readonly lowered: LoweredCall;
}

/** The config that registers a kernel of our own for the wasm backend, run as `compile` runs it. */
export function ownKernel<InputName extends string>(own: OwnKernel<InputName>): KernelConfig {
  const calls = new CallCache<Ready>();
  const kernelFunc: KernelFunc = ({ inputs, attrs = {}, backend }) => {
    const wasm = backend as BackendWasm; // the one it is registered for
    const given = present(own, inputs);
    const { types, lowered } = calls.get(given, attrs, () => ready(own, given, attrs));
    const outputs = types.map(({ shape, dtype }) => wasm.makeOutput([...shape], dtype));
    lowered.run(wasm, given, outputs);
    return outputs.length === 1 ? outputs[0] : outputs;
  };
  return { kernelName: own.kernelName, backendName: 'wasm', kernelFunc };
}

/** The inputs in the order of their names. @throws TypeError when one isn't there */
function present(
  { kernelName, inputNames }: OwnKernel<string>,
  inputs: NamedTensorInfoMap,
): TensorInfo[] {
  return inputNames.map((name) => {
    const info = inputs[name];
    if (info !== undefined) return info;
    throw new TypeError(`${kernelName}: inputs must be ${inputNames.join(', ')}; got no ${name}`);
  });
}

function ready<InputName extends string>(
  { kernelName, inputNames, outputs }: OwnKernel<InputName>,
  given: readonly TensorInfo[],
  attrs: NamedAttrMap,
): Ready {
  const byName = Object.fromEntries(inputNames.map((name, i) => [name, given[i]]));
  const types = outputs(byName as Record<InputName, TensorInfo>, attrs);
  const inputs = typesOf(given);
  const lowered =
    inputs && lowerCall({ kernel: kernelName, names: inputNames, inputs, attrs, outputs: types });
  if (lowered === undefined) throw new Error(`${kernelName}: there is no kernel for this call`);
  return { types, lowered };
}
