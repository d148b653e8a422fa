// What the binary exports. Addresses and sizes in, results in memory; nothing is allocated.
export { adamUpdate } from './adam';
export { causalAttention } from './attention';
export { causalAttentionGradient } from './attention-gradient';
export { lerp, scheduleFreeUpdate } from './averages';
export * from './binary';
export * from './broadcast';
export { cachedAttention, writeRows } from './cached-attention';
export * from './casts';
export * from './compare';
export * from './descend';
export { placeConstants } from './constants';
export { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise';
export { seededDropout } from './dropout';
export { gatedActivation, gatedActivationGradient } from './gates';
export * from './gelu';
export { gruCell, gruCellGradient } from './gru';
export * from './integers';
export * from './layer-norm';
export * from './layout';
export { lstmCell, lstmCellGradient } from './lstm';
export { matmul, matmulBatch } from './matmul';
export { momentumUpdate } from './momentum';
export { avgPool, avgPoolGradient, maxPool, maxPoolGradient, maxPoolIndices } from './pooling';
export {
  maxColumns, maxRows, meanColumns, meanPlanes, meanRows, sumColumns, sumPlanes, sumRows, sumSquares,
} from './reductions';
export { rotate } from './rotary';
export * from './rows';
export * from './softmax';
export { swiglu, swigluGradient } from './swiglu';
export * from './unary';
