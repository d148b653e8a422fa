import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { inputNamed, SCALE } from '../graph/graph.js';
import { kernelInstruction } from '../graph/instruction.js';
import { sizeOf, type TensorType } from '../kernels/tensor-type.js';
import { describeTensors, describeValue, isTensor, ownOp } from './own-op.js';

/**
 * `MomentumUpdate`: parameter and velocity after a step of `torch.optim.SGD`. `rate` and `step` (1 at the first, where
 * the velocity is the gradient) are scalars, the rest have one shape.
 */
export const momentumUpdate = ownOp({
  kernelName: 'MomentumUpdate',
  inputNames: ['parameter', 'gradient', 'velocity', 'rate', 'step'],
  outputs(inputs, attrs) {
    const { rate, step, ...full } = inputs;
    const type = typeOf('MomentumUpdate', full, { rate, step });
    checkNumbers('MomentumUpdate', attrs, ['momentum', 'dampening', 'weightDecay']);
    checkFlag('MomentumUpdate', attrs, 'nesterov');
    return [type, type];
  },
  lower({ parameter, gradient, velocity, rate, step }, node) {
    const { momentum, dampening, nesterov, weightDecay } = node.attrs;
    const numbers = [momentum, dampening, nesterov, weightDecay].map(Number);
    const full = [parameter, gradient, velocity];
    const scalars = [rate, step, inputNamed(node, SCALE) ?? 0];
    const args = [...full, ...scalars, ...node.outputs, ...numbers, sizeOf(parameter)];
    // All values of one index are read before any is written: each output may take each operand's memory.
    return kernelInstruction(node, [{ kernel: 'momentumUpdate', args }], { overwrites: full });
  },
});

/**
 * `AdamUpdate`: parameter and the means of gradients and of their squares after a step of `torch.optim.Adam`, or of
 * `AdamW` where `decoupled` is true. `rate` and `step` (1 at the first) are scalars, the rest have one shape.
 */
export const adamUpdate = ownOp({
  kernelName: 'AdamUpdate',
  inputNames: ['parameter', 'gradient', 'first', 'second', 'rate', 'step'],
  outputs(inputs, attrs) {
    const { rate, step, ...full } = inputs;
    const type = typeOf('AdamUpdate', full, { rate, step });
    checkNumbers('AdamUpdate', attrs, ['beta1', 'beta2', 'epsilon', 'weightDecay']);
    checkFlag('AdamUpdate', attrs, 'decoupled');
    return [type, type, type];
  },
  lower({ parameter, gradient, first, second, rate, step }, node) {
    const { beta1, beta2, epsilon, weightDecay, decoupled } = node.attrs;
    const numbers = [beta1, beta2, epsilon, weightDecay, decoupled].map(Number);
    const full = [parameter, gradient, first, second];
    const scalars = [rate, step, inputNamed(node, SCALE) ?? 0];
    const args = [...full, ...scalars, ...node.outputs, ...numbers, sizeOf(parameter)];
    return kernelInstruction(node, [{ kernel: 'adamUpdate', args }], { overwrites: full });
  },
});

/**
 * `ScheduleFreeUpdate`: parameter (y), z and the mean of squares after a step of schedule-free AdamW; z begins as the parameter.
 * `share` is the weight of this step in the mean of weights; it, `rate` and `step` (1 at the first) are scalars, the rest have one shape.
 *
 * Source: Defazio et al. (2024), "The Road Less Scheduled", https://arxiv.org/abs/2405.15682
 */
export const scheduleFreeUpdate = ownOp({
  kernelName: 'ScheduleFreeUpdate',
  inputNames: ['parameter', 'gradient', 'z', 'second', 'rate', 'step', 'share'],
  outputs(inputs, attrs) {
    const { rate, step, share, ...full } = inputs;
    const type = typeOf('ScheduleFreeUpdate', full, { rate, step, share });
    checkNumbers('ScheduleFreeUpdate', attrs, ['beta1', 'beta2', 'epsilon', 'weightDecay']);
    return [type, type, type];
  },
  lower({ parameter, gradient, z, second, rate, step, share }, node) {
    const { beta1, beta2, epsilon, weightDecay } = node.attrs;
    const numbers = [beta1, beta2, epsilon, weightDecay].map(Number);
    const full = [parameter, gradient, z, second];
    const scalars = [rate, step, share, inputNamed(node, SCALE) ?? 0];
    const args = [...full, ...scalars, ...node.outputs, ...numbers, sizeOf(parameter)];
    return kernelInstruction(node, [{ kernel: 'scheduleFreeUpdate', args }], { overwrites: full });
  },
});

/** `Lerp`: `a + (b - a) t`, of tensors of one shape and a scalar, as a mean of weights moves. `torch.lerp`, without a gradient. */
export const lerp = ownOp({
  kernelName: 'Lerp',
  inputNames: ['a', 'b', 't'],
  outputs: ({ a, b, t }) => [typeOf('Lerp', { a, b }, { t })],
  lower({ a, b, t }, node) {
    const args = [a, b, t, ...node.outputs, sizeOf(a)];
    return kernelInstruction(node, [{ kernel: 'lerp', args }], { overwrites: [a, b] });
  },
});

type Infos = Readonly<Record<string, TensorInfo>>;

/** The type that all but the scalars have. */
function typeOf(where: string, full: Infos, scalars: Infos): TensorType {
  const { shape } = Object.values(full)[0];
  const fits =
    Object.values(full).every((info) => isTensor(info, 'float32', shape)) &&
    Object.values(scalars).every((info) => isTensor(info, 'float32', []));
  if (fits) return { shape, dtype: 'float32' };
  const [names, ones] = [full, scalars].map((infos) => Object.keys(infos).join(', '));
  throw new RangeError(
    `${where}: ${names} must be float32 of one shape, ${ones} float32 scalars; ` +
      `got ${describeTensors({ ...full, ...scalars })}`,
  );
}

function checkNumbers(where: string, attrs: NamedAttrMap, names: readonly string[]): void {
  for (const name of names) {
    const value = attrs[name];
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) continue;
    throw new RangeError(
      `${where}: ${name} must be a number of at least 0; got ${describeValue(value)}`,
    );
  }
}

function checkFlag(where: string, attrs: NamedAttrMap, name: string): void {
  if (typeof attrs[name] === 'boolean') return;
  throw new TypeError(`${where}: ${name} must be true or false; got ${describeValue(attrs[name])}`);
}
