import type { backend_util, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { VIEW, type Graph, type GraphNode, type Source, type Value } from '../../graph/graph.js';
import { isNumeric, sameShape } from '../../kernels/tensor-type.js';
import type { NumericArray, NumericType } from '../../kernels/tensor-type.js';
import { viewAt } from '../../kernels/wasm-memory.js';
import type { KernelCall, KernelWatcher, WrittenType } from './watch-kernels.js';

/** Builds a graph from what a step does, event by event. */
export class GraphBuilder implements KernelWatcher {
  readonly #wasm: BackendWasm;
  readonly #nodes: GraphNode[] = [];
  /** The values that share memory, the oldest first: a reshaped tensor has the data of the one it came from. */
  readonly #values = new Map<object, Value[]>();
  readonly #before = new Map<Variable, object>();
  readonly #inputs: readonly Value[];
  #count = 0;

  /** @param variables - all that exist; none shares its data */
  constructor(wasm: BackendWasm, inputs: readonly Tensor[], variables: readonly Variable[]) {
    this.#wasm = wasm;
    this.#inputs = inputs.map((tensor, index) => this.#add(tensor, { kind: 'input', index }));
    for (const variable of variables) this.#before.set(variable, variable.dataId);
  }

  call({ kernel, inputs, attrs, outputs }: KernelCall): void {
    const given = Object.entries(inputs).filter((entry): entry is [string, TensorInfo] => {
      const [, info] = entry;
      return info !== undefined && info !== null;
    });
    const names = Array.isArray(inputs) ? undefined : given.map(([name]) => name);
    const values = given.map(([, info]) => this.#find(info));
    // A kernel that returns its input's data gives the same values another shape.
    const alias = outputs.length === 1 ? this.#values.get(outputs[0].dataId)?.[0] : undefined;
    if (alias !== undefined) {
      this.#find(outputs[0]);
      return;
    }
    const made = outputs.map((info) => this.#add(info, { kind: 'node' }));
    this.#nodes.push({ kernel, names, inputs: values, attrs: { ...attrs }, outputs: made });
  }

  write(dataId: object, values: backend_util.BackendValues | null, type: WrittenType): void {
    const { shape, dtype } = type;
    if (values === null) return; // memory without values yet
    const copy = numericCopy(values, checkedType(dtype));
    this.#add({ dataId, shape, dtype: checkedType(dtype) }, { kind: 'constant', values: copy });
  }

  /** The whole graph, once the step has ended. */
  finish(results: readonly Tensor[], variables: readonly Variable[]): Graph {
    const returned = results.map((tensor) => this.#find(tensor));
    const changed = variables.filter(
      (variable) => !variable.isDisposed && variable.dataId !== this.#before.get(variable),
    );
    return {
      inputs: this.#inputs,
      assignments: changed.map((variable) => ({ variable, value: this.#find(variable) })),
      nodes: this.#nodes,
      results: returned,
    };
  }

  /** The value of a tensor, which may be one from before the step, or a known one in another shape. */
  #find(info: TensorInfo): Value {
    const known = this.#values.get(info.dataId);
    if (known === undefined) return this.#add(info, this.#foreign(info));
    const same = known.find((value) => sameShape(value, info));
    if (same !== undefined) return same;
    const view = this.#add(info, { kind: 'node' });
    this.#nodes.push({
      kernel: VIEW,
      names: ['x'],
      inputs: [known[0]],
      attrs: {},
      outputs: [view],
    });
    return view;
  }

  #foreign(info: TensorInfo): Source {
    const { dataId } = info;
    for (const [variable, data] of this.#before) {
      if (data === dataId) return { kind: 'variable', variable };
    }
    const type = { shape: info.shape, dtype: checkedType(info.dtype) };
    const values = viewAt(this.#wasm, this.#wasm.getMemoryOffset(dataId), type).slice();
    return { kind: 'captured', dataId, values };
  }

  #add({ dataId, shape, dtype }: TensorInfo, source: Source): Value {
    const value: Value = {
      id: this.#count++,
      shape: [...shape],
      dtype: checkedType(dtype),
      source,
    };
    const known = this.#values.get(dataId);
    if (known === undefined) this.#values.set(dataId, [value]);
    else known.push(value);
    return value;
  }
}

function checkedType(dtype: string): NumericType {
  if (isNumeric(dtype)) return dtype;
  throw new TypeError(
    `compile: tensors must be float32, int32 or bool; got ${dtype}; compute it outside the step`,
  );
}

function numericCopy(values: backend_util.BackendValues, dtype: NumericType): NumericArray {
  const numbers = values as ArrayLike<number>;
  switch (dtype) {
    case 'float32':
      return Float32Array.from(numbers);
    case 'int32':
      return Int32Array.from(numbers);
    case 'bool':
      return Uint8Array.from(numbers);
    default:
      return dtype satisfies never;
  }
}
