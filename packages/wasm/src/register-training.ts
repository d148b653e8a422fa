import {
  _FusedMatMul,
  BatchMatMul,
  Conv2D,
  DepthwiseConv2dNative,
  FusedConv2D,
  FusedDepthwiseConv2D,
  GatherV2,
  getGradient,
  getKernel,
  getKernelsForBackend,
  Identity,
  registerGradient,
  registerKernel,
  unregisterGradient,
  unregisterKernel,
  type KernelConfig,
} from '@tensorflow/tfjs-core';
import { gradients } from '#gradients';
import { correctedKernels } from './eager/corrected-kernels.js';
import { aliasingIdentity, fasterKernel, fasterKernels } from './eager/faster-kernels.js';
import { checkedKernels, refusingStrings } from './eager/checked-kernels.js';
import {
  anyLayout,
  exactConvolution,
  fusedConvolution,
  fusedMatMul,
} from './eager/convolutions.js';
import { withIntegers } from './eager/integer-product.js';
import { einsumKernel } from './eager/einsum.js';
import { conv2dBackpropFilterConfig, unsortedSegmentSumConfig } from './eager/gradient-kernels.js';
import { ownKernel } from './eager/own-kernel.js';
import { packingKernels, seeingWrites } from './kernels/written-in-place.js';
import { batchedGather } from './ops/gather-gradient.js';
import { einsumGradient } from './ops/einsum.js';
import { ownOps, replacingOps } from './ops/index.js';
import { mendedGradients } from './ops/mended-gradients.js';

/** Kernels of tfjs that the backend lacks. */
const additions = [
  anyLayout(conv2dBackpropFilterConfig),
  einsumKernel,
  fasterKernel(unsortedSegmentSumConfig, ['x', 'segmentIds']),
];

/** Registers the gradients of tfjs-core and the kernels the wasm backend lacks; whatever is registered already stays. */
export function registerTraining(): void {
  const ownGradients = ownOps.flatMap(({ kernelName, gradient }) =>
    gradient === undefined ? [] : [{ kernelName, ...gradient }],
  );
  for (const gradient of [...gradients, ...ownGradients, einsumGradient]) {
    if (isMissing(getGradient(gradient.kernelName))) registerGradient(gradient);
  }
  const mended = [batchedGather(getGradient(GatherV2)), ...mendedGradients(getGradient)];
  for (const gradient of mended) {
    if (!isMissing(getGradient(gradient.kernelName))) unregisterGradient(gradient.kernelName);
    registerGradient(gradient);
  }
  for (const kernel of [...additions, ...ownOps.map(ownKernel)]) {
    if (isMissing(getKernel(kernel.kernelName, kernel.backendName))) registerKernel(kernel);
  }
  for (const [name, make] of checkedKernels) replace(name, make);
  for (const op of replacingOps) replace(op.kernelName, () => ownKernel(op));
  replace(BatchMatMul, withIntegers);
  for (const name of [Conv2D, DepthwiseConv2dNative]) replace(name, exactConvolution);
  replace(FusedConv2D, () => fusedConvolution(FusedConv2D, Conv2D));
  replace(FusedDepthwiseConv2D, () =>
    fusedConvolution(FusedDepthwiseConv2D, DepthwiseConv2dNative),
  );
  replace(_FusedMatMul, () => fusedMatMul);
  replace(Identity, aliasingIdentity);
  for (const name of packingKernels) replace(name, seeingWrites);
  for (const [name, correct] of correctedKernels) replace(name, correct);
  for (const [name, inputs, covers] of fasterKernels) {
    replace(name, (stock) => fasterKernel(stock, inputs, covers));
  }
  for (const { kernelName } of getKernelsForBackend('wasm')) replace(kernelName, refusingStrings);
}

/** Replaces a kernel of the backend. */
function replace(kernelName: string, make: (stock: KernelConfig) => KernelConfig): void {
  const config = make(getKernel(kernelName, 'wasm'));
  unregisterKernel(kernelName, 'wasm');
  registerKernel(config);
}

/** tfjs' types don't say that a look-up may find nothing. */
const isMissing = (found: object | undefined): boolean => found === undefined;
