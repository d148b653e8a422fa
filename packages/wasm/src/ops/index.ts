import {
  ADD_LAYER_NORM,
  ADD_RMS_NORM,
  DESCENT,
  PRODUCT,
  RELU_GRADIENT,
  SQUARES_SUM,
} from '../graph/graph.js';
import type { Lowering } from '../graph/instruction.js';
import { roundToBFloat16 } from './bfloat16.js';
import { cachedAttention, writeRows } from './cached-attention.js';
import { attentionOps } from './causal-attention.js';
import {
  arithmetic,
  binary,
  cast,
  clip,
  compare,
  descent,
  power,
  reluGradient,
  select,
  unary,
} from './elementwise.js';
import { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise.js';
import { gatedActivation, gatedActivationGradient } from './gated-activation.js';
import { gelu, geluGradient } from './gelu.js';
import { gruCell, gruCellGradient } from './gru-cell.js';
import { addLayerNorm, layerNorm, layerNormGradient } from './layer-norm.js';
import { lstmCell, lstmCellGradient } from './lstm-cell.js';
import { adamUpdate, lerp, momentumUpdate, scheduleFreeUpdate } from './optimizer-updates.js';
import { loweringOf, type OwnOp } from './own-op.js';
import { poolings } from './pooling.js';
import { batchMatMul, product } from './product.js';
import { reduction, squaresSum } from './reductions.js';
import { gather, oneHot, segmentSum } from './rows.js';
import { addRmsNorm, rmsNorm, rmsNormGradient } from './rms-norm.js';
import { rotaryPositions } from './rotary-positions.js';
import { seededDropout } from './seeded-dropout.js';
import { concat, pack, pad, slice, split, tile, unpack } from './slices.js';
import {
  logSoftmax,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
} from './softmax.js';
import { squaredRelu, squaredReluGradient } from './squared-relu.js';
import { swiglu, swigluGradient } from './swiglu.js';
import { transpose } from './transpose.js';

/** What the backend lacks and this package adds. */
export const ownOps: readonly OwnOp[] = [
  logSoftmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  ...attentionOps,
  cachedAttention,
  writeRows,
  layerNorm,
  layerNormGradient,
  rmsNorm,
  rmsNormGradient,
  rotaryPositions,
  squaredRelu,
  squaredReluGradient,
  swiglu,
  swigluGradient,
  gatedActivation,
  gatedActivationGradient,
  gelu,
  geluGradient,
  gruCell,
  gruCellGradient,
  lstmCell,
  lstmCellGradient,
  seededDropout,
  momentumUpdate,
  adamUpdate,
  scheduleFreeUpdate,
  lerp,
  roundToBFloat16,
  depthwiseInputGradient,
  depthwiseFilterGradient,
];

/** What takes the place of kernels of the backend. */
export const replacingOps: readonly OwnOp[] = [batchMatMul, gather, ...poolings];

/** How tfjs' kernels, and nodes that passes made, become kernels of this package. */
export const lowerings: Readonly<Record<string, Lowering | undefined>> = {
  Add: arithmetic('add', 'addIntegers', { row: 'addRow', column: 'addColumn', commutes: true }),
  Sub: arithmetic('subtract', 'subtractIntegers', {
    row: 'subtractRow',
    column: 'subtractColumn',
    commutes: false,
  }),
  Multiply: arithmetic('multiply', 'multiplyIntegers', {
    row: 'multiplyRow',
    column: 'multiplyColumn',
    commutes: true,
  }),
  RealDiv: binary('divide', { row: 'divideRow', column: 'divideColumn', commutes: false }),
  Maximum: binary('maximum'),
  Minimum: binary('minimum'),
  SquaredDifference: binary('squaredDifference'),
  Relu: unary('relu'),
  Neg: unary('negate'),
  Exp: unary('exp'),
  Log: unary('log'),
  Tanh: unary('tanh'),
  Sigmoid: unary('sigmoid'),
  Erf: unary('erf'),
  Sqrt: unary('squareRoot'),
  Rsqrt: unary('reciprocalSquareRoot'),
  Square: unary('squares'),
  ClipByValue: clip((attrs) => [Number(attrs['clipValueMin']), Number(attrs['clipValueMax'])]),
  Relu6: clip(() => [0, 6]),
  Cast: cast,
  Sum: reduction({ rows: 'sumRows', columns: 'sumColumns', planes: 'sumPlanes' }),
  Mean: reduction({ rows: 'meanRows', columns: 'meanColumns', planes: 'meanPlanes' }),
  Max: reduction({ rows: 'maxRows', columns: 'maxColumns' }),
  Transpose: transpose,
  Slice: slice,
  Pow: power,
  SplitV: split,
  Concat: concat,
  Pack: pack,
  Unpack: unpack,
  PadV2: pad,
  Tile: tile,
  Greater: compare('greater'),
  GreaterEqual: compare('greaterEqual'),
  Less: compare('greater', true),
  LessEqual: compare('greaterEqual', true),
  Equal: compare('equal'),
  Select: select,
  Softmax: softmax,
  UnsortedSegmentSum: segmentSum,
  OneHot: oneHot,
  ...Object.fromEntries([...ownOps, ...replacingOps].map((op) => [op.kernelName, loweringOf(op)])),
  [PRODUCT]: product,
  [RELU_GRADIENT]: reluGradient,
  [DESCENT]: descent,
  [SQUARES_SUM]: squaresSum,
  [ADD_LAYER_NORM]: addLayerNorm,
  [ADD_RMS_NORM]: addRmsNorm,
};
