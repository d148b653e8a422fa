import { sameShape, type NumericType, type Value } from '@llm101/wasm/recording';
import type { FunctionName } from '../wgsl/functions.js';
import { broadcastAxes, placeOf } from '../wgsl/indices.js';
import type { Kernel, Pointwise, PointwiseCall } from '../wgsl/kernel.js';

/** An operand's element under an element of the output, broadcast. */
export function operandAt({ node, kernel, output, index }: PointwiseCall, operand: Value): string {
  const { shape } = node.outputs[output];
  if (sameShape(operand, node.outputs[output])) return kernel.at(operand, index);
  return kernel.at(operand, placeOf(index, broadcastAxes(operand.shape, shape)));
}

/** An element as another type has it. */
export function converted(kernel: Kernel, x: string, from: NumericType, to: NumericType): string {
  switch (`${from} ${to}`) {
    case 'float32 int32':
      return `${kernel.use('whole')}(${x})`;
    case 'int32 float32':
      return `f32(${x})`;
    case 'bool float32':
      return `select(0.0f, 1.0f, ${x})`;
    case 'bool int32':
      return `select(0i, 1i, ${x})`;
    case 'float32 bool':
      return `(${x} != 0.0f || is_nan(${x}))`;
    case 'int32 bool':
      return `(${x} != 0i)`;
    default:
      return x;
  }
}

type Of = (x: string, y: string, ...more: string[]) => string;

/** What an operation computes of one element of each operand. */
export interface Computed {
  /** Of float32, which others are taken for where nothing is said of them. */
  readonly floats?: Of;
  /** Of int32, which bool is taken for. */
  readonly whole?: Of;
  /** What comes of it, if that is bool whatever it is of. */
  readonly isTest?: boolean;
  /** Functions that it calls. */
  readonly calls?: readonly FunctionName[];
}

/** An operation of one tensor, or of several that are broadcast. What comes of int32 and bool is made such again, as the output says. */
export function computed({ floats, whole, isTest = false, calls = [] }: Computed): Pointwise {
  return (call) => {
    const { node, kernel, line } = call;
    const areFloats = node.inputs[0].dtype === 'float32';
    const type = floats !== undefined && (areFloats || whole === undefined) ? 'float32' : 'int32';
    const of = type === 'float32' ? floats : whole;
    if (of === undefined) throw new Error(`${node.kernel} must be of whole numbers`);
    const [x, y = '', ...more] = node.inputs.map((value) =>
      line(converted(kernel, line(operandAt(call, value)), value.dtype, type)),
    );
    const result = of(x, y, ...more); // bounded: a kernel has few buffers
    for (const name of calls) if (result.includes(`${name}(`)) kernel.use(name);
    const { dtype } = node.outputs[0];
    if (isTest) return result;
    if (type !== 'float32') return converted(kernel, result, type, dtype);
    // A bool is whether the whole part isn't 0.
    const given = dtype === 'float32' ? result : converted(kernel, line(result), type, 'int32');
    return dtype === 'bool' ? converted(kernel, given, 'int32', dtype) : given;
  };
}

/** The same for all types. */
export const ofAny = (of: Of): Pointwise => computed({ floats: of, whole: of });

/** A test of numbers. */
export const test = (of: Of): Pointwise => computed({ floats: of, whole: of, isTest: true });

/** Of float32, by functions; int32 and bool are taken for such. */
export const byFloats = (of: Of, ...calls: readonly FunctionName[]): Pointwise =>
  computed({ floats: of, calls });
