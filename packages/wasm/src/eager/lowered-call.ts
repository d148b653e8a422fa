import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Value } from '../graph/graph.js';
import type { CallOfKernels, Operand } from '../graph/instruction.js';
import { kernelModule } from '../kernels/kernel-module.js';
import { isNumeric, sizeOf, type TensorType } from '../kernels/tensor-type.js';
import { allocate, checkIndices, release } from '../kernels/wasm-memory.js';
import { lowerings } from '../ops/index.js';

/** A call of a kernel of tfjs, without the tensors' addresses. */
export interface CallType {
  readonly kernel: string;
  /** The kernel's names for its inputs; none where it takes a list. */
  readonly names: readonly string[] | undefined;
  readonly inputs: readonly TensorType[];
  readonly attrs: NamedAttrMap;
  readonly outputs: readonly TensorType[];
}

/** Kernels of this package that do what one call of tfjs' does, on tensors that lie anywhere. */
export interface LoweredCall {
  /** @throws RangeError when an index is out of range; nothing has been written by then */
  run(wasm: BackendWasm, inputs: readonly TensorInfo[], outputs: readonly TensorInfo[]): void;
}

/** A call as `compile` would lower it, or nothing where that has no kernels for it. */
export function lowerCall(call: CallType): LoweredCall | undefined {
  const { kernel, names, attrs } = call;
  const values = [...call.inputs, ...call.outputs].map(({ shape, dtype }, id): Value => ({
    id,
    shape,
    dtype,
    source: { kind: 'node' },
  }));
  const inputs = values.slice(0, call.inputs.length);
  const outputs = values.slice(call.inputs.length);
  const lowered = lowerings[kernel]?.({ kernel, names, inputs, attrs, outputs });
  return lowered?.call.kind === 'kernels' ? bind(lowered.call) : undefined;
}

/** The tensors' types, or nothing when a compiled step can't hold one of them. */
export function typesOf(infos: readonly TensorInfo[]): TensorType[] | undefined {
  const types: TensorType[] = [];
  for (const { shape, dtype } of infos) {
    if (!isNumeric(dtype)) return undefined;
    types.push({ shape: [...shape], dtype });
  }
  return types;
}

type Kernel = (...args: number[]) => void;

/** An argument as an offset from the address of a tensor, of the scratch memory, or from 0. */
interface Slot {
  readonly at: number;
  readonly offset: number;
}

const NUMBER = -1;
const SCRATCH = -2;

function bind({ steps, scratchBytes, indices }: CallOfKernels): LoweredCall {
  const bound = steps.map(({ kernel, args }) => ({
    kernel,
    slots: args.map(slotOf),
    numbers: args.map(() => 0), // filled in at each call
  }));
  const addresses: number[] = [];
  return {
    run(wasm, inputs, outputs) {
      let at = 0;
      for (const { dataId } of inputs) addresses[at++] = wasm.getMemoryOffset(dataId);
      for (const { dataId } of outputs) addresses[at++] = wasm.getMemoryOffset(dataId);
      if (indices !== undefined) {
        const { value, limit, where } = indices;
        const check = { address: addresses[value.id], count: sizeOf(value), limit, where };
        checkIndices(wasm, check)();
      }
      const scratch = scratchBytes > 0 ? allocate(wasm, scratchBytes) : 0;
      const { functions } = kernelModule(wasm, false); // the same digits in every engine
      for (const { kernel, slots, numbers } of bound) {
        for (let i = 0; i < slots.length; i++) {
          numbers[i] = addressOf(slots[i], addresses, scratch);
        }
        call(functions[kernel], numbers);
      }
      if (scratch !== 0) release(wasm, scratch);
    },
  };
}

/** Spread arguments cost ten times the call itself; WebAssembly ignores an argument too many. */
function call(kernel: Kernel, args: readonly number[]): void {
  const [a, b, c, d, e, f] = args;
  if (args.length <= 6) kernel(a, b, c, d, e, f);
  else kernel(...args); // bounded: as many as a kernel has
}

function slotOf(operand: Operand): Slot {
  if (typeof operand === 'number') return { at: NUMBER, offset: operand };
  if ('scratch' in operand) return { at: SCRATCH, offset: operand.scratch };
  if ('of' in operand) return { at: operand.of.id, offset: operand.skip };
  return { at: operand.id, offset: 0 };
}

function addressOf({ at, offset }: Slot, addresses: readonly number[], scratch: number): number {
  if (at === NUMBER) return offset;
  return offset + (at === SCRATCH ? scratch : addresses[at]);
}

/** A cache of that many calls is emptied: attributes may differ at each call, such as where a slice begins. */
const MOST_CALLS = 1024;

/** What has been found out about the calls of one kernel, by shapes, types and attributes. */
export class CallCache<Known> {
  readonly #known = new Map<string, Known>();

  /** What is known about a call, found out now if it is new. */
  get(inputs: readonly TensorInfo[], attrs: NamedAttrMap, find: () => Known): Known {
    const key = callKey(inputs, attrs);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = find();
    if (this.#known.size >= MOST_CALLS) this.#known.clear();
    this.#known.set(key, found);
    return found;
  }
}

/** Shapes, types and attributes of a call as text: calls of one kernel with equal keys are lowered alike. */
function callKey(inputs: readonly TensorInfo[], attrs: NamedAttrMap): string {
  let key = '';
  for (const { dtype, shape } of inputs) key += `${dtype}${shape.join()};`;
  for (const name in attrs) key += `${name}:${attrKey(attrs[name])};`;
  return key;
}

function attrKey(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`; // 2 and '2' differ
  return Object.is(value, -0) ? '-0' : String(value); // lists of lists have lengths that follow from the shapes
}
