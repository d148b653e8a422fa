import type {
  backend_util,
  NamedAttrMap,
  Tensor,
  TensorInfo,
  Variable,
} from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  viewNode,
  type Graph,
  type GraphNode,
  type Source,
  type Value,
} from '../../graph/graph.js';
import { isNumeric, sameShape } from '../../kernels/tensor-type.js';
import type { NumericArray, NumericType, TensorType } from '../../kernels/tensor-type.js';
import { viewAt } from '../../kernels/wasm-memory.js';
import { givenInputs, type KernelCall, type KernelWatcher } from './watch-kernels.js';
import type { WrittenType } from './watch-kernels.js';

/** A call of a kernel as it was recorded. */
export interface RecordedCall {
  readonly kernel: string;
  /** None where it only gave its input another shape or name. */
  readonly outputs: readonly TensorType[] | undefined;
  /** Whether it returned a list. */
  readonly isList: boolean;
}

/** Settings of {@link GraphBuilder}. */
interface GraphBuilderOptions {
  readonly inputs: readonly Tensor[];
  /** All that exist; none shares its data. */
  readonly variables: readonly Variable[];
  /** Whether to copy the values of tensors from outside. */
  readonly readCaptured: boolean;
}

/** Builds a graph from what a step does, event by event. */
export class GraphBuilder implements KernelWatcher {
  readonly calls: RecordedCall[] = [];
  readonly nodes: GraphNode[] = [];
  readonly #wasm: BackendWasm;
  /** The values that share memory, the oldest first: a reshaped tensor has the data of the one it came from. */
  readonly #values = new Map<object, Value[]>();
  /** The variables by the data that they have before. */
  readonly #before = new Map<object, Variable>();
  readonly #inputs: readonly Value[];
  readonly #readCaptured: boolean;
  #count = 0;

  constructor(wasm: BackendWasm, { inputs, variables, readCaptured }: GraphBuilderOptions) {
    this.#wasm = wasm;
    this.#readCaptured = readCaptured;
    this.#inputs = inputs.map((tensor, index) => this.#add(tensor, { kind: 'input', index }));
    for (const variable of variables) this.#before.set(variable.dataId, variable);
  }

  call({ kernel, inputs, attrs, outputs, isList }: KernelCall): void {
    const given = givenInputs(inputs);
    const names = Array.isArray(inputs) ? undefined : given.map(([name]) => name);
    const values = given.map(([, info]) => this.#find(info));
    // A kernel that returns its input's data gives the same values another shape.
    const alias = outputs.length === 1 ? this.#values.get(outputs[0].dataId)?.[0] : undefined;
    if (alias !== undefined) {
      this.#find(outputs[0]);
      this.calls.push({ kernel, outputs: undefined, isList });
      return;
    }
    const made = outputs.map((info) => this.#add(info, { kind: 'node' }));
    this.calls.push({ kernel, outputs: made, isList });
    this.nodes.push({ kernel, names, inputs: values, attrs: attrsNow(attrs), outputs: made });
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
      (variable) => !variable.isDisposed && this.#before.get(variable.dataId) !== variable,
    );
    return {
      inputs: this.#inputs,
      assignments: changed.map((variable) => ({ variable, value: this.#find(variable) })),
      nodes: this.nodes,
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
    this.nodes.push(viewNode(known[0], view));
    return view;
  }

  #foreign(info: TensorInfo): Source {
    const { dataId } = info;
    const variable = this.#before.get(dataId);
    if (variable !== undefined) return { kind: 'variable', variable };
    const type = { shape: info.shape, dtype: checkedType(info.dtype) };
    if (!this.#readCaptured) return { kind: 'captured', dataId, values: new Uint8Array() };
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
      return new Float32Array(numbers);
    case 'int32':
      return new Int32Array(numbers);
    case 'bool':
      return new Uint8Array(numbers);
    default:
      return dtype satisfies never;
  }
}

/** Attributes as they are now: what the step hands over may be changed in its place later on. */
export const attrsNow = (attrs: NamedAttrMap): NamedAttrMap =>
  Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, deepCopy(value)]));

function deepCopy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(deepCopy) as T;
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  return value;
}
