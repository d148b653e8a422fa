import type { GraphNode, Value } from '@llm101/wasm/recording';
import { broadcastAxes, placeOf } from '../wgsl/indices.js';
import type { Pointwise, PointwiseCall } from '../wgsl/kernel.js';
import { float, literal } from '../wgsl/types.js';
import { byFloats, computed, converted, ofAny, operandAt, test } from './operands.js';

/** Of bool. */
const logic =
  (of: (x: string, y: string) => string): Pointwise =>
  (call) => {
    const [x, y = ''] = call.node.inputs.map((value) => call.line(operandAt(call, value)));
    return of(x, y);
  };

/** The larger or smaller of two; NaN if one is. */
const extreme = (of: 'max' | 'min'): Pointwise =>
  computed({
    floats: (x, y) => `select(select(${of}(${x}, ${y}), ${y}, is_nan(${y})), ${x}, is_nan(${x}))`,
    whole: (x, y) => `${of}(${x}, ${y})`,
  });

const first = ({ outputs: [out] }: GraphNode) => out;

/** Elementwise operations of tfjs, by the names of their kernels. */
export const elementwise: Readonly<Record<string, Pointwise>> = {
  Add: ofAny((x, y) => `(${x} + ${y})`),
  AddN: ofAny((...all) => `(${all.filter((x) => x !== '').join(' + ')})`),
  Sub: ofAny((x, y) => `(${x} - ${y})`),
  Multiply: ofAny((x, y) => `(${x} * ${y})`),
  RealDiv: byFloats((x, y) => `(${x} / ${y})`),
  FloorDiv: computed({
    floats: (x, y) => `quotient(${x}, ${y})`,
    whole: (x, y) => `whole_quotient(${x}, ${y})`,
    calls: ['quotient', 'whole_quotient'],
  }),
  Mod: computed({
    floats: (x, y) => `modulo(${x}, ${y})`,
    whole: (x, y) => `whole_rest(${x}, ${y})`,
    calls: ['modulo', 'whole_rest'],
  }),
  Maximum: extreme('max'),
  Minimum: extreme('min'),
  SquaredDifference: ofAny((x, y) => `((${x} - ${y}) * (${x} - ${y}))`),
  Greater: test((x, y) => `(${x} > ${y})`),
  GreaterEqual: test((x, y) => `(${x} >= ${y})`),
  Less: test((x, y) => `(${x} < ${y})`),
  LessEqual: test((x, y) => `(${x} <= ${y})`),
  Equal: test((x, y) => `(${x} == ${y})`),
  // Not of all drivers NaN is unequal.
  NotEqual: test((x, y) => `!(${x} == ${y})`),
  LogicalAnd: logic((x, y) => `(${x} && ${y})`),
  LogicalOr: logic((x, y) => `(${x} || ${y})`),
  LogicalXor: logic((x, y) => `(${x} != ${y})`),
  LogicalNot: logic((x) => `(!${x})`),
  BitwiseAnd: computed({ whole: (x, y) => `(${x} & ${y})` }),
  IsNan: computed({ floats: (x) => `is_nan(${x})`, isTest: true }),
  IsInf: computed({ floats: (x) => `is_infinite(${x})`, isTest: true }),
  IsFinite: computed({ floats: (x) => `!(is_nan(${x}) || is_infinite(${x}))`, isTest: true }),
  Neg: ofAny((x) => `(-${x})`),
  Abs: ofAny((x) => `abs(${x})`),
  Sign: computed({
    floats: (x) => `select(select(0.0f, 1.0f, ${x} > 0.0f), -1.0f, ${x} < 0.0f)`,
    whole: (x) => `sign(${x})`,
  }),
  Square: ofAny((x) => `(${x} * ${x})`),
  Floor: computed({ floats: (x) => `floor(${x})`, whole: (x) => x }),
  Ceil: computed({ floats: (x) => `ceil(${x})`, whole: (x) => x }),
  Round: computed({ floats: (x) => `round(${x})`, whole: (x) => x }),
  Sqrt: byFloats((x) => `sqrt(${x})`),
  Rsqrt: byFloats((x) => `(1.0f / sqrt(${x}))`),
  Reciprocal: byFloats((x) => `(1.0f / ${x})`),
  ClipByValue: (call) => {
    const ends = ['clipValueMin', 'clipValueMax'].map((name) => Number(call.node.attrs[name]));
    const [least, most] = ends.map(float);
    const [from, to] = ends.map((end) => literal(inInt32(end), { dtype: 'int32' }));
    return computed({
      floats: (x) => `select(clamp(${x}, ${least}, ${most}), ${x}, is_nan(${x}))`,
      whole: (x) => `clamp(${x}, ${from}, ${to})`,
    })(call);
  },
  Step: (call) => {
    const slope = float(Number(call.node.attrs['alpha'] ?? 0));
    return byFloats((x) => `select(select(${slope}, 1.0f, ${x} > 0.0f), ${x}, is_nan(${x}))`)(call);
  },
  Pow: power,
  Cast(call) {
    const [x] = call.node.inputs;
    const element = call.line(operandAt(call, x));
    return converted(call.kernel, element, x.dtype, first(call.node).dtype);
  },
  Select: select,
  ZerosLike: ({ node }) => literal(0, first(node)),
  OnesLike: ({ node }) => literal(1, first(node)),
};

/** The int32 that is nearest, towards 0. */
const inInt32 = (x: number): number => Math.trunc(Math.min(Math.max(x, -(2 ** 31)), 2 ** 31 - 1));

/** Powers by a constant that are roots and squares, also at their ends as on wasm; others by logarithms. */
function power(call: PointwiseCall): string {
  const [x, exponent] = call.node.inputs;
  if (first(call.node).dtype !== 'float32') return wholePower(call);
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
      return `(1.0f / sqrt(select(${base}, abs(${base}), ${base} == 0.0f || is_infinite(${base}))))`;
    case -1.5: {
      const inverse = call.line(`1.0f / ${root}`);
      return `(${inverse} * ${inverse} * ${inverse})`;
    }
    default:
      return `${call.kernel.use('power')}(${base}, ${operandAt(call, exponent)})`;
  }
}

const wholePower = computed({ whole: (x, y) => `whole_power(${x}, ${y})`, calls: ['whole_power'] });

function select(call: PointwiseCall): string {
  const [condition, x, y] = call.node.inputs;
  const { shape, dtype } = call.node.outputs[0];
  const typed = (element: string, value: Value): string =>
    converted(call.kernel, call.line(element), value.dtype, dtype);
  if (condition.shape.length === 1 && shape.length > 1) {
    // A condition for each row, in which tfjs repeats the element of the condition's number.
    const row = call.line(placeOf(call.index, rowAxes(shape)));
    const [chosen, other] = [x, y].map((value) => typed(call.kernel.at(value, row), value));
    return `select(${other}, ${chosen}, ${call.kernel.at(condition, row)})`;
  }
  const test = call.kernel.at(
    condition,
    placeOf(call.index, broadcastAxes(condition.shape, shape)),
  );
  const [chosen, other] = [x, y].map((value) => typed(operandAt(call, value), value));
  return `select(${other}, ${chosen}, ${test})`;
}

/** The axes by which the number of a row is found. */
const rowAxes = ([rows, ...rest]: readonly number[]): { size: number; stride: number }[] => [
  { size: rows, stride: 1 },
  ...rest.map((size) => ({ size, stride: 0 })),
];
