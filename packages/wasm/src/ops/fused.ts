import type { GraphNode, Value } from '../graph/graph.js';
import {
  inputsOf,
  type Instruction,
  kernelInstruction,
  type Lowering,
  paddedBytes,
} from '../graph/instruction.js';
import { bytesOf, sizeOf } from '../kernels/tensor-type.js';

/** Losses and probabilities of rows of logits. */
export function softmaxCrossEntropy(node: GraphNode): Instruction {
  const [logits, targets] = inputsOf(node, ['logits', 'targets']);
  const [losses, probabilities] = node.outputs;
  const [rows, n] = logits.shape;
  const args = [logits, targets, losses, probabilities, rows, n];
  const indices = { value: targets, limit: n, where: node.kernel };
  const instruction = kernelInstruction(node, [{ kernel: 'softmaxCrossEntropy', args }], {
    indices,
  });
  return { ...instruction, overwrites: [logits] };
}

/** What the logits' gradient is, given that of the losses. */
export function softmaxCrossEntropyGradient(node: GraphNode): Instruction {
  const [probabilities, targets, dLosses] = inputsOf(node, ['probabilities', 'targets', 'dLosses']);
  const [out] = node.outputs;
  const args = [probabilities, targets, dLosses, out, ...out.shape];
  const instruction = kernelInstruction(node, [{ kernel: 'softmaxCrossEntropyGradient', args }]);
  return { ...instruction, overwrites: [probabilities] };
}

/** Layer normalisation over the last axis. */
export function layerNorm(node: GraphNode): Instruction {
  const [x, weight, bias] = inputsOf(node, ['x', 'weight', 'bias']);
  const n = sizeOf(weight);
  const rows = sizeOf(x) / n;
  const args = [x, weight, bias, ...node.outputs, rows, n, Number(node.attrs['epsilon'])];
  return { ...kernelInstruction(node, [{ kernel: 'layerNorm', args }]), overwrites: [x] };
}

/** Its gradients for x, weight and bias. */
export function layerNormGradient(node: GraphNode): Instruction {
  const given = inputsOf(node, ['x', 'weight', 'mean', 'inverseDeviation', 'dy']);
  const [x, weight, , , dy] = given;
  const [dx, dWeight] = node.outputs;
  const n = sizeOf(weight);
  const args = [...given, ...node.outputs, sizeOf(x) / n, n];
  // The sums are written first: none of them may be taken for the gradient of x.
  const isLarger = paddedBytes(bytesOf(dx)) !== paddedBytes(bytesOf(dWeight));
  const instruction = kernelInstruction(node, [{ kernel: 'layerNormGradient', args }]);
  return { ...instruction, overwrites: isLarger ? [dy] : [] };
}

/** GELU in the form that the attribute names. */
export const gelu: Lowering = (node) => {
  const [x] = inputsOf(node, ['x']);
  const [out] = node.outputs;
  const kernel = node.attrs['approximate'] === 'tanh' ? 'geluByTanh' : 'gelu';
  return kernelInstruction(node, [{ kernel, args: [x, out, sizeOf(out)] }], { inPlace: true });
};

/** Its gradient. */
export const geluGradient: Lowering = (node) => {
  const [x, dy] = inputsOf(node, ['x', 'dy']);
  const [out] = node.outputs;
  const kernel = node.attrs['approximate'] === 'tanh' ? 'geluByTanhGradient' : 'geluGradient';
  return kernelInstruction(node, [{ kernel, args: [x, dy, out, sizeOf(out)] }], { inPlace: true });
};

/** Dropout by seed and counter. */
export function seededDropout(node: GraphNode): Instruction {
  const [x, counter] = inputsOf(node, ['x', 'counter']);
  const [out] = node.outputs;
  const { rate, seed } = node.attrs;
  const args = [x, counter, out, Number(rate), Number(seed), sizeOf(out)];
  return { ...kernelInstruction(node, [{ kernel: 'seededDropout', args }]), overwrites: [x] };
}

/** A step with momentum; parameter and velocity may be written in place. */
export function momentumUpdate(node: GraphNode): Instruction {
  const given = inputsOf(node, ['parameter', 'gradient', 'velocity', 'rate', 'step']);
  const { momentum, dampening, nesterov, weightDecay } = node.attrs;
  const numbers = [momentum, dampening, nesterov, weightDecay].map(Number);
  const args = [...given, ...node.outputs, ...numbers, sizeOf(given[0])];
  return update(node, [{ kernel: 'momentumUpdate', args }], given.slice(0, 3));
}

/** A step of Adam or AdamW; parameter and both means may be written in place. */
export function adamUpdate(node: GraphNode): Instruction {
  const given = inputsOf(node, ['parameter', 'gradient', 'first', 'second', 'rate', 'step']);
  const { beta1, beta2, epsilon, weightDecay, decoupled } = node.attrs;
  const numbers = [beta1, beta2, epsilon, weightDecay, decoupled].map(Number);
  const args = [...given, ...node.outputs, ...numbers, sizeOf(given[0])];
  return update(node, [{ kernel: 'adamUpdate', args }], given.slice(0, 4));
}

/** All values of one place are read before any is written, so each output may take each operand's memory. */
const update = (
  node: GraphNode,
  steps: Parameters<typeof kernelInstruction>[1],
  overwrites: readonly Value[],
): Instruction => ({ ...kernelInstruction(node, steps), overwrites });
