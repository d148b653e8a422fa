import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorType } from '../kernels/tensor-type.js';
import type { OwnOp } from '../ops/own-op.js';
import { CallCache, lowerCall, typesOf, type LoweredCall } from './lowered-call.js';

/** A call that has been checked and lowered. */
interface Ready {
  readonly types: readonly TensorType[];
  readonly lowered: LoweredCall;
}

/** The config that registers a kernel of our own for the wasm backend, run as `compile` runs it. */
export function ownKernel(op: OwnOp): KernelConfig {
  const calls = new CallCache<Ready>();
  const kernelFunc: KernelFunc = ({ inputs, attrs = {}, backend }) => {
    const wasm = backend as BackendWasm; // the one it is registered for
    const given = present(op, inputs);
    const { types, lowered } = calls.get(given, attrs, () => ready(op, given, attrs));
    const outputs = types.map(({ shape, dtype }) => wasm.makeOutput([...shape], dtype));
    try {
      lowered.run(wasm, given, outputs);
    } catch (error) {
      for (const { dataId } of outputs) wasm.disposeData(dataId);
      throw error;
    }
    return outputs.length === 1 ? outputs[0] : outputs;
  };
  return { kernelName: op.kernelName, backendName: 'wasm', kernelFunc };
}

/** The inputs in the order of their names. @throws TypeError when one is missing */
function present(
  { kernelName, inputNames }: OwnOp,
  inputs: Readonly<Record<string, TensorInfo | undefined>>,
): TensorInfo[] {
  return inputNames.map((name) => {
    const info = inputs[name];
    if (info !== undefined) return info;
    throw new TypeError(`${kernelName}: inputs must be ${inputNames.join(', ')}; got no ${name}`);
  });
}

function ready(op: OwnOp, given: readonly TensorInfo[], attrs: NamedAttrMap): Ready {
  const { kernelName, inputNames } = op;
  const types = op.outputs(
    Object.fromEntries(inputNames.map((name, i) => [name, given[i]])),
    attrs,
  );
  const inputs = typesOf(given);
  const lowered =
    inputs && lowerCall({ kernel: kernelName, names: inputNames, inputs, attrs, outputs: types });
  if (lowered === undefined) throw new Error(`${kernelName}: there is no kernel for this call`);
  return { types, lowered };
}
