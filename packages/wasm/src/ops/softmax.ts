import { engine, LogSoftmax, type Tensor } from '@tensorflow/tfjs-core';
import type { GraphNode } from '../graph/graph.js';
import { allFloat, kernelInstruction, type Instruction } from '../graph/instruction.js';
import { sizeOf } from '../kernels/tensor-type.js';
import { describeTensors, describeValue, isTensor, ownOp } from './own-op.js';

const GRADIENT = 'SoftmaxCrossEntropyGrad';

/** Softmax over the last axis. */
export const softmax = (node: GraphNode): Instruction | undefined => overRows('softmax', node);

/** `LogSoftmax` over the last axis. tfjs-core has its name and its gradient, but composes its own operation. */
export const logSoftmax = ownOp({
  kernelName: LogSoftmax,
  inputNames: ['logits'],
  outputs({ logits }, { axis }) {
    const last = logits.shape.length - 1;
    if (logits.dtype !== 'float32' || last < 0) {
      throw new RangeError(
        `LogSoftmax: logits must be float32 [..., C]; got ${describeTensors({ logits })}`,
      );
    }
    if (axis !== last && axis !== -1) {
      throw new RangeError(
        `LogSoftmax: axis must be the last one, ${last}; got ${describeValue(axis)}; transpose the logits`,
      );
    }
    return [{ shape: logits.shape, dtype: 'float32' }];
  },
  lower: (_, node) => overRows('logSoftmax', node),
});

function overRows(kernel: 'softmax' | 'logSoftmax', node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const [out] = node.outputs;
  const axis = Number(node.attrs['dim'] ?? node.attrs['axis'] ?? -1);
  if (!allFloat([x, out]) || (axis !== -1 && axis !== x.shape.length - 1)) return undefined;
  const n = x.shape.at(-1) ?? 1;
  const args = [x, out, sizeOf(x) / Math.max(n, 1), n];
  return kernelInstruction(node, [{ kernel, args }], { inPlace: true });
}

/**
 * `SoftmaxCrossEntropy`: losses `[N]`, `-ln softmax(logits)[target]`, and probabilities `[N, V]`, of logits
 * `[N, V]` float32 and targets `[N]` int32. `F.cross_entropy(logits, targets, reduction='none')`.
 */
export const softmaxCrossEntropy = ownOp({
  kernelName: 'SoftmaxCrossEntropy',
  inputNames: ['logits', 'targets'],
  outputs({ logits, targets }) {
    const [N, V] = logits.shape;
    const fits = logits.shape.length === 2 && V > 0 && isTensor(targets, 'int32', [N]);
    if (!fits || logits.dtype !== 'float32') {
      throw new RangeError(
        'SoftmaxCrossEntropy: logits must be float32 [N, V] with V of at least 1, targets int32 [N]; ' +
          `got ${describeTensors({ logits, targets })}`,
      );
    }
    return [
      { shape: [N], dtype: 'float32' },
      { shape: [N, V], dtype: 'float32' },
    ];
  },
  lower({ logits, targets }, node) {
    const [rows, n] = logits.shape;
    const args = [logits, targets, ...node.outputs, rows, n];
    return kernelInstruction(node, [{ kernel: 'softmaxCrossEntropy', args }], {
      overwrites: [logits],
      indices: { value: targets, limit: n, where: node.kernel },
    });
  },
  gradient: {
    inputsToSave: ['targets'],
    outputsToSave: [false, true],
    gradFunc(dy, [targets, probabilities]) {
      const inputs = { probabilities, targets, dLosses: [dy].flat()[0] };
      return { logits: (): Tensor => engine().runKernel(GRADIENT, inputs) as Tensor };
    },
  },
});

/** `(probabilities - oneHot(targets)) dLosses`, a row for each loss. */
export const softmaxCrossEntropyGradient = ownOp({
  kernelName: GRADIENT,
  inputNames: ['probabilities', 'targets', 'dLosses'],
  outputs({ probabilities, targets, dLosses }) {
    const [N, V] = probabilities.shape;
    const fits = probabilities.shape.length === 2 && probabilities.dtype === 'float32';
    if (!fits || !isTensor(targets, 'int32', [N]) || !isTensor(dLosses, 'float32', [N])) {
      throw new RangeError(
        `${GRADIENT}: probabilities must be float32 [N, V], targets int32 [N], dLosses float32 [N]; ` +
          `got ${describeTensors({ probabilities, targets, dLosses })}`,
      );
    }
    return [{ shape: [N, V], dtype: 'float32' }];
  },
  lower({ probabilities, targets, dLosses }, node) {
    const [out] = node.outputs;
    const args = [probabilities, targets, dLosses, out, ...out.shape];
    return kernelInstruction(node, [{ kernel: 'softmaxCrossEntropyGradient', args }], {
      overwrites: [probabilities],
    });
  },
});
