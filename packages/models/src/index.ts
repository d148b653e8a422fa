export { gelu, relu, sigmoid, silu, tanh, type GeluForm } from './activations.js';
export { BatchNorm1d, type BatchNorm1dOptions } from './batch-norm1d.js';
export { CausalSelfAttention } from './causal-self-attention.js';
export { CNN } from './cnn.js';
export { Conv1d, type Conv1dOptions } from './conv1d.js';
export type { Counter } from './counter.js';
export { countParameters } from './count-parameters.js';
export { describe } from './describe.js';
export { DilatedConv1d, type DilatedConv1dOptions } from './dilated-conv1d.js';
export { Dropout } from './dropout.js';
export { Embedding } from './embedding.js';
export { GRU } from './gru.js';
export {
  calculateGain,
  kaimingNormal,
  kaimingUniform,
  xavierNormal,
  xavierUniform,
  type KaimingOptions,
  type Nonlinearity,
  type XavierOptions,
} from './init.js';
export type { LanguageModel, ModelSizes } from './language-model.js';
export { LayerNorm, type LayerNormOptions } from './layer-norm.js';
export { Linear } from './linear.js';
export { MLP } from './mlp.js';
export type { Mode } from './mode.js';
export { Module } from './module.js';
export {
  bigramParameterCount,
  cnnParameterCount,
  mlpParameterCount,
  ruleBasedParameterCount,
  waveNetParameterCount,
} from './parameter-counts.js';
export type { Recall } from './recall.js';
export { loadStateDict, stateDict, type StateDict } from './state-dict.js';
export { sample, type SampleOptions } from './sample.js';
export type { Compile } from './sequence-reader.js';
export { Sequential, sequential, type Layer, type Stage } from './sequential.js';
export { textPlaces, textStarts } from './text-starts.js';
export type { TokenStream } from './token-stream.js';
export {
  TransformerBlock,
  type BlockContext,
  type TransformerBlockOptions,
} from './transformer-block.js';
export { WaveNet, type WaveNetSizes } from './wave-net.js';
