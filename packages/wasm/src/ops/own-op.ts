import type { GradConfig, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { inputNamed, type GraphNode, type Value } from '../graph/graph.js';
import type { Instruction, Lowering } from '../graph/instruction.js';
import type { TensorType } from '../kernels/tensor-type.js';

/** An operation of this package's own: all that tfjs' registry and `compile` need to know of it. */
export interface OwnOp<InputName extends string = string> {
  /** The name in tfjs' registry and in recordings. */
  readonly kernelName: string;
  readonly inputNames: readonly InputName[];
  /** Shapes and types of the outputs. @throws RangeError when inputs or attributes don't fit */
  outputs(inputs: Readonly<Record<InputName, TensorInfo>>, attrs: NamedAttrMap): TensorType[];
  /** The call of kernels that computes it, for inputs that `outputs` accepts. */
  lower(inputs: Readonly<Record<InputName, Value>>, node: GraphNode): Instruction | undefined;
  /** The gradient of the first output; the others have none. */
  readonly gradient?: Omit<GradConfig, 'kernelName'>;
}

/** Infers the names of the inputs. */
export const ownOp = <InputName extends string>(op: OwnOp<InputName>): OwnOp => op;

/** Lowers a node of an operation; a recording may have its inputs in another order. */
export function loweringOf(op: OwnOp): Lowering {
  return (node) => {
    const inputs = op.inputNames.map((name): [string, Value] => {
      const input = inputNamed(node, name);
      if (input !== undefined) return [name, input];
      throw new Error(`compile: ${op.kernelName} must have an input ${name}; it has none`);
    });
    return op.lower(Object.fromEntries(inputs), node);
  };
}

/** Shape and type of a tensor, of a call or of a recording. */
export interface Typed {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** `x float32 [2,3], weight float32 [3]`, for an error's "got". */
export function describeTensors(tensors: Readonly<Record<string, Typed>>): string {
  return Object.entries(tensors)
    .map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape.join()}]`)
    .join(', ');
}

/** Whether a tensor has a type and a shape. */
export function isTensor(
  info: Typed,
  dtype: 'float32' | 'int32',
  shape: readonly number[],
): boolean {
  return info.dtype === dtype && info.shape.join() === shape.join();
}

/** An attribute's value, for an error's "got". */
export const describeValue = (value: unknown): string => String(value);

/** The type of inputs of one. @throws RangeError unless they are float32 of one shape */
export function checkAlike(where: string, inputs: Readonly<Record<string, Typed>>): TensorType {
  const [{ shape }, ...others] = Object.values(inputs);
  if (Object.values(inputs).every((info) => isTensor(info, 'float32', shape))) {
    return { shape, dtype: 'float32' };
  }
  throw new RangeError(
    `${where}: ${Object.keys(inputs).join(' and ')} must be float32${others.length > 0 ? ' of one shape' : ''}; ` +
      `got ${describeTensors(inputs)}`,
  );
}

/** @throws RangeError unless it is a number of at least 0 */
export function checkEpsilon(where: string, epsilon: unknown): void {
  if (typeof epsilon === 'number' && epsilon >= 0) return;
  throw new RangeError(
    `${where}: epsilon must be a number of at least 0; got ${describeValue(epsilon)}`,
  );
}
