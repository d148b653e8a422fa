import { inputNamed, type Value } from '@llm101/wasm/recording';
import type { Pointwise } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';
import { given } from './activations.js';
import { operandAt } from './operands.js';

/** `(x - mean) / √(variance + ε) scale + offset`, what belongs to channels broadcast. */
export const batchNorm: Pointwise = (call) => {
  const at = (value: Value): string => call.line(operandAt(call, value));
  const [x, mean, variance] = ['x', 'mean', 'variance'].map((name) => at(given(call.node, name)));
  const [scale, offset] = ['scale', 'offset'].map((name) => inputNamed(call.node, name));
  const epsilon = float(Number(call.node.attrs['varianceEpsilon'] ?? 1e-3));
  const centred = `(${x} - ${mean}) / sqrt(${variance} + ${epsilon})`;
  const scaled = scale === undefined ? centred : `${centred} * ${at(scale)}`;
  return offset === undefined ? `(${scaled})` : `(${scaled} + ${at(offset)})`;
};
