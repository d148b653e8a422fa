import {
  ADD_LAYER_NORM,
  ADD_RMS_NORM,
  PRODUCT,
  SQUARES_SUM,
  type GraphNode,
} from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import type { KernelContext } from '../wgsl/kernel.js';
import { ADAM_UPDATES, INCREMENTS, SQUARES_SUMS } from '../graph/group.js';
import { adamUpdates, increments, squaresSums } from './grouped.js';
import { attentionGradient } from './attention-gradient.js';
import { attention } from './attention.js';
import { cachedAttention, writeRows } from './cached-attention.js';
import { gruCell, gruCellGradient, lstmCell, lstmCellGradient } from './cells.js';
import { convolution, filterGradient, inputGradient } from './convolutions.js';
import { cumulative } from './cumulative.js';
import { depthwise, depthwiseFilterGradient, depthwiseInputGradient } from './depthwise.js';
import { placeOfExtreme, topK } from './extremes.js';
import { norm, normGradient } from './norms.js';
import { joining } from './joining.js';
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from './pooling.js';
import { product } from './product.js';
import { reduction } from './reductions.js';
import { counts, scatter, searchSorted } from './scatter.js';
import { segmentSum } from './segments.js';
import { sumOfMany } from './sums.js';
import { softmax, softmaxCrossEntropy } from './softmax.js';

/** What runs a node. */
export type KernelsOf = (node: GraphNode, context: KernelContext) => Dispatch[];

/** Operations that need more than their own element, by the names of their kernels. */
export const kernels: Readonly<Record<string, KernelsOf | undefined>> = {
  BatchMatMul: product,
  [PRODUCT]: product,
  _FusedMatMul: product,
  Sum: reduction({ by: 'sum' }),
  Mean: reduction({ by: 'sum', isMean: true }),
  Prod: reduction({ by: 'product' }),
  Max: reduction({ by: 'max' }),
  Min: reduction({ by: 'min' }),
  All: reduction({ by: 'min' }),
  Any: reduction({ by: 'max' }),
  ArgMax: placeOfExtreme,
  ArgMin: placeOfExtreme,
  TopK: topK,
  Cumsum: cumulative,
  Cumprod: cumulative,
  [SQUARES_SUM]: reduction({ by: 'sum', isOfSquares: true }),
  Conv2D: convolution,
  FusedConv2D: convolution,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradient,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2D: depthwise,
  DepthwiseConv2dNativeBackpropInput: depthwiseInputGradient,
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilterGradient,
  MaxPool: maxPool,
  MaxPoolWithArgmax: maxPool,
  MaxPoolGrad: maxPoolGradient,
  AvgPool: averagePool,
  AvgPoolGrad: averagePoolGradient,
  Softmax: softmax,
  LogSoftmax: softmax,
  SoftmaxCrossEntropy: softmaxCrossEntropy,
  AddN: sumOfMany,
  Concat: joining,
  Pack: joining,
  UnsortedSegmentSum: segmentSum,
  ScatterNd: scatter,
  TensorScatterUpdate: scatter,
  Bincount: counts,
  DenseBincount: counts,
  SearchSorted: searchSorted,
  [SQUARES_SUMS]: squaresSums,
  [ADAM_UPDATES]: adamUpdates,
  [INCREMENTS]: increments,
  LayerNorm: norm,
  [ADD_LAYER_NORM]: norm,
  LayerNormGrad: normGradient,
  RMSNorm: norm,
  [ADD_RMS_NORM]: norm,
  RMSNormGrad: normGradient,
  CausalAttention: attention,
  CausalAttentionGrad: attentionGradient,
  CausalAttentionDropout: attention,
  CausalAttentionDropoutGrad: attentionGradient,
  SeparateAttention: attention,
  SeparateAttentionGrad: attentionGradient,
  SeparateAttentionDropout: attention,
  SeparateAttentionDropoutGrad: attentionGradient,
  CachedAttention: cachedAttention,
  WriteRows: writeRows,
  GRUCell: gruCell,
  GRUCellGrad: gruCellGradient,
  LSTMCell: lstmCell,
  LSTMCellGrad: lstmCellGradient,
};

/** All of attention's inputs. */
const ATTENTION = Array.from({ length: 8 }, (_, i) => i);

/** Inputs of which a kernel reads elements again and again: what is computed there is computed once. */
export const readOften: Readonly<Record<string, readonly number[] | undefined>> = {
  BatchMatMul: [0, 1],
  [PRODUCT]: [0, 1],
  _FusedMatMul: [0, 1],
  Conv2D: [0, 1],
  FusedConv2D: [0, 1],
  Conv2DBackpropInput: [0, 1],
  Conv2DBackpropFilter: [0, 1],
  DepthwiseConv2dNative: [0, 1],
  FusedDepthwiseConv2D: [0, 1],
  DepthwiseConv2dNativeBackpropInput: [0, 1],
  DepthwiseConv2dNativeBackpropFilter: [0, 1],
  ScatterNd: [0, 1],
  TensorScatterUpdate: [1, 2],
  Bincount: [0, 1],
  DenseBincount: [0, 1],
  SearchSorted: [0],
  MaxPool: [0],
  MaxPoolWithArgmax: [0],
  MaxPoolGrad: [0, 1],
  AvgPool: [0],
  AvgPoolGrad: [0],
  TopK: [0],
  // weights and biases, for each row
  LayerNorm: [1, 2],
  [ADD_LAYER_NORM]: [2, 3],
  LayerNormGrad: [1, 2, 3],
  RMSNorm: [1],
  [ADD_RMS_NORM]: [2],
  RMSNormGrad: [1, 2],
  CausalAttention: ATTENTION,
  CausalAttentionDropout: ATTENTION,
  CausalAttentionGrad: ATTENTION,
  CausalAttentionDropoutGrad: ATTENTION,
  SeparateAttention: ATTENTION,
  SeparateAttentionDropout: ATTENTION,
  SeparateAttentionGrad: ATTENTION,
  SeparateAttentionDropoutGrad: ATTENTION,
  CachedAttention: [0, 1, 2],
  WriteRows: [2],
};
