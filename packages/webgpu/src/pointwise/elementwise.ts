import { sameShape, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { FunctionName } from '../wgsl/functions.js';
import { broadcastAxes, placeOf } from '../wgsl/indices.js';
import type { Pointwise, PointwiseCall } from '../wgsl/kernel.js';
import { float, literal } from '../wgsl/types.js';

/** An operand's element under an element of the output, broadcast. */
function operandAt({ node, kernel, output, index }: PointwiseCall, operand: Value): string {
  const { shape } = node.outputs[output];
  if (sameShape(operand, node.outputs[output])) return kernel.at(operand, index);
  return kernel.at(operand, placeOf(index, broadcastAxes(operand.shape, shape)));
}

/** Of one tensor. @param calls - functions that the expression calls */
function unary(expression: (x: string) => string, ...calls: FunctionName[]): Pointwise {
  return (call) => {
    call.kernel.use(...calls);
    return expression(call.line(operandAt(call, call.node.inputs[0])));
  };
}

/** Of two tensors that are broadcast. */
function binary(expression: (x: string, y: string) => string): Pointwise {
  return (call) => {
    const [x, y] = call.node.inputs.map((value) => call.line(operandAt(call, value)));
    return expression(x, y);
  };
}

const isWhole = ({ outputs: [out] }: GraphNode): boolean => out.dtype === 'int32';

/** As {@link binary}, with another expression for whole numbers. */
function byType(
  floats: (x: string, y: string) => string,
  whole: (x: string, y: string) => string,
): Pointwise {
  return (call) => binary(isWhole(call.node) ? whole : floats)(call);
}

const isTrue = (x: string): string => x;

/** Elementwise operations of tfjs, by the names of their kernels. */
export const elementwise: Readonly<Record<string, Pointwise>> = {
  Add: binary((x, y) => `(${x} + ${y})`),
  Sub: binary((x, y) => `(${x} - ${y})`),
  Multiply: binary((x, y) => `(${x} * ${y})`),
  RealDiv: binary((x, y) => `(${x} / ${y})`),
  Maximum: byType(
    (x, y) => `select(select(max(${x}, ${y}), ${y}, is_nan(${y})), ${x}, is_nan(${x}))`,
    (x, y) => `max(${x}, ${y})`,
  ),
  Minimum: byType(
    (x, y) => `select(select(min(${x}, ${y}), ${y}, is_nan(${y})), ${x}, is_nan(${x}))`,
    (x, y) => `min(${x}, ${y})`,
  ),
  SquaredDifference: binary((x, y) => `((${x} - ${y}) * (${x} - ${y}))`),
  Greater: binary((x, y) => `(${x} > ${y})`),
  GreaterEqual: binary((x, y) => `(${x} >= ${y})`),
  Less: binary((x, y) => `(${x} < ${y})`),
  LessEqual: binary((x, y) => `(${x} <= ${y})`),
  Equal: binary((x, y) => `(${x} == ${y})`),
  NotEqual: binary((x, y) => `(${x} != ${y})`),
  LogicalAnd: binary((x, y) => `(${x} && ${y})`),
  LogicalOr: binary((x, y) => `(${x} || ${y})`),
  LogicalNot: unary((x) => `(!${isTrue(x)})`),
  Relu: unary((x) => `select(max(${x}, 0.0f), ${x}, is_nan(${x}))`),
  Relu6: unary((x) => `select(clamp(${x}, 0.0f, 6.0f), ${x}, is_nan(${x}))`),
  Neg: unary((x) => `(-${x})`),
  Abs: unary((x) => `abs(${x})`),
  Exp: unary((x) => `exp_(${x})`, 'exp_'),
  Log: unary((x) => `log_(${x})`, 'log_'),
  Tanh: unary((x) => `tanh_(${x})`, 'tanh_'),
  Sigmoid: unary((x) => `sigmoid(${x})`, 'sigmoid'),
  Erf: unary((x) => `erf_(${x})`, 'erf_'),
  Sqrt: unary((x) => `sqrt(${x})`),
  Rsqrt: unary((x) => `(1.0f / sqrt(${x}))`),
  Reciprocal: unary((x) => `(1.0f / ${x})`),
  Floor: unary((x) => `floor(${x})`),
  Ceil: unary((x) => `ceil(${x})`),
  Square: unary((x) => `(${x} * ${x})`),
  ClipByValue: (call) => {
    const [least, most] = ['clipValueMin', 'clipValueMax'].map((name) =>
      float(Number(call.node.attrs[name])),
    );
    return unary((x) => `select(clamp(${x}, ${least}, ${most}), ${x}, is_nan(${x}))`)(call);
  },
  Step: (call) => {
    const slope = float(Number(call.node.attrs['alpha'] ?? 0));
    return unary((x) => `select(select(${slope} , 1.0f, ${x} > 0.0f), ${x}, is_nan(${x}))`)(call);
  },
  Pow: power,
  Cast: cast,
  Select: select,
  ZerosLike: ({
    node: {
      outputs: [out],
    },
  }) => literal(0, out),
  OnesLike: ({
    node: {
      outputs: [out],
    },
  }) => literal(1, out),
};

/** Powers by a constant: roots and squares; of others drivers' own. */
function power(call: PointwiseCall): string {
  const [x, exponent] = call.node.inputs;
  const base = call.line(operandAt(call, x));
  const { source } = exponent;
  const n = 'values' in source && source.values.length === 1 ? source.values[0] : NaN;
  const root = `sqrt(${base})`;
  switch (n) {
    case 2:
      return `(${base} * ${base})`;
    case 0.5:
      return root;
    case 1.5:
      return `(${base} * ${root})`;
    case -0.5:
      return `(1.0f / ${root})`;
    case -1.5:
      return `(1.0f / (${base} * ${root}))`;
    default:
      return `${call.kernel.use('power')}(${base}, ${operandAt(call, exponent)})`;
  }
}

/** Between float32, int32 and bool. */
function cast(call: PointwiseCall): string {
  const [x] = call.node.inputs;
  const [out] = call.node.outputs;
  const element = call.line(operandAt(call, x));
  const pair = `${x.dtype} ${out.dtype}`;
  switch (pair) {
    case 'float32 int32':
      return `i32(${element})`;
    case 'int32 float32':
      return `f32(${element})`;
    case 'bool float32':
      return `select(0.0f, 1.0f, ${element})`;
    case 'bool int32':
      return `select(0i, 1i, ${element})`;
    case 'float32 bool':
      return `(${element} != 0.0f)`;
    case 'int32 bool':
      return `(${element} != 0i)`;
    default:
      return element;
  }
}

function select(call: PointwiseCall): string {
  const [condition, x, y] = call.node.inputs;
  const { shape } = call.node.outputs[0];
  if (condition.shape.length === 1 && shape.length > 1) {
    // A condition for each row, in which tfjs repeats the element of the condition's number.
    const row = call.line(placeOf(call.index, rowAxes(shape)));
    const [test, chosen, other] = [condition, x, y].map((value) => call.kernel.at(value, row));
    return `select(${other}, ${chosen}, ${test})`;
  }
  const test = call.kernel.at(
    condition,
    placeOf(call.index, broadcastAxes(condition.shape, shape)),
  );
  return `select(${operandAt(call, y)}, ${operandAt(call, x)}, ${test})`;
}

/** The axes by which the number of a row is found. */
const rowAxes = ([rows, ...rest]: readonly number[]): { size: number; stride: number }[] => [
  { size: rows, stride: 1 },
  ...rest.map((size) => ({ size, stride: 0 })),
];
