import { engine, type TensorInfo, type Variable } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorType } from '../../kernels/tensor-type.js';

/** Tensors without memory, for kernels that don't run. */
export class StandIns {
  readonly #wasm: BackendWasm;
  #made: TensorInfo[] = [];

  constructor(wasm: BackendWasm) {
    this.#wasm = wasm;
  }

  make({ shape, dtype }: TensorType): TensorInfo {
    const info = this.#wasm.makeOutput([...shape], dtype, 0);
    this.#made.push(info);
    return info;
  }

  /** Lets all live as long as tensors that have memory do. */
  forget(): void {
    this.#made = [];
  }

  /** Lets none outlive the step: what it has kept can't be read for numbers. */
  end(): void {
    for (const { dataId } of this.#made) {
      if (!this.#wasm.dataIdMap.has(dataId)) continue;
      this.#wasm.disposeData(dataId, true);
      engine().removeDataId(dataId, this.#wasm);
    }
  }
}

/** Ends what `incRef` began, also where the tensors have gone meanwhile. */
export function letGo(wasm: BackendWasm, dataId: object): void {
  if (wasm.disposeData(dataId)) engine().removeDataId(dataId, wasm);
}

/**
 * Holds the memory of all variables, without copying: what is assigned to one is other memory.
 *
 * @returns a function that lets go of it, and gives it back to those that have been assigned to since where `putBack` is true
 */
export function holdVariables(wasm: BackendWasm): (putBack: boolean) => void {
  const held = Object.values(engine().registeredVariables).map((variable: Variable) => {
    const { dataId } = variable;
    wasm.incRef(dataId);
    return { variable, dataId };
  });
  return (putBack) => {
    for (const { variable, dataId } of held) {
      if (putBack && !variable.isDisposed && variable.dataId !== dataId) {
        engine().disposeTensor(variable);
        variable.dataId = dataId;
        engine().incRef(variable, wasm);
      }
      letGo(wasm, dataId); // it lives on by the variable's own count
    }
  };
}
