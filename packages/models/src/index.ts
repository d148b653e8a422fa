export {
  activationTree,
  nodeArithmetic,
  type ActivationTree,
  type NodeArithmetic,
  type NodeSum,
  type NodeTerm,
  type TreeModel,
  type TreeLevel,
  type TreeNode,
} from './activation-tree.js';
export { attentionWeights } from './attention-weights.js';
export { recurrentStates, type RecurrentLayerStates } from './recurrent-states.js';
export {
  gelu,
  relu,
  sigmoid,
  silu,
  squaredRelu,
  swiglu,
  tanh,
  type GeluForm,
} from './layers/activations.js';
export { causalAttention, type CausalAttentionOptions } from './layers/causal-attention.js';
export {
  Conv1d,
  DilatedConv1d,
  type Conv1dOptions,
  type DilatedConv1dOptions,
} from './layers/convolutions.js';
export { Dropout, type MaskSource } from './layers/dropout.js';
export { GRU, type GRUGates } from './layers/gru.js';
export { LSTM, type LSTMGates, type LSTMState } from './layers/lstm.js';
export { Embedding, Linear, type LinearOptions } from './layers/linear.js';
export { lastPosition, positionIds, segmentStarts, type LookBack } from './layers/look-back.js';
export {
  BatchNorm1d,
  LayerNorm,
  RMSNorm,
  type BatchNorm1dOptions,
  type LayerNormOptions,
} from './layers/normalisation.js';
export { RotaryPositions } from './layers/rotary-positions.js';
export { Sequential, sequential, type Layer, type Stage } from './layers/sequential.js';
export {
  CausalSelfAttention,
  TransformerBlock,
  type BlockContext,
  type CausalSelfAttentionOptions,
  type TransformerBlockOptions,
} from './layers/transformer.js';
export { Bigram, bigramParameterCount, countBigrams } from './networks/bigram.js';
export { CNN, cnnParameterCount } from './networks/cnn.js';
export { GPT } from './networks/gpt.js';
export { gptNames, type GPTNames } from './networks/gpt-names.js';
export {
  GPTAttention,
  GPTBlock,
  GPTFeedForward,
  type GPTContext,
  type Projections,
} from './networks/gpt-block.js';
export {
  gptParameterCount,
  resolveGPTConfig,
  type GPTBiases,
  type GPTConfig,
  type GPTDropouts,
  type ResolvedGPTConfig,
} from './networks/gpt-config.js';
export {
  Megabyte,
  megabyteParameterCount,
  PatchModel,
  type PatchModelSizes,
  type MegabyteLevel,
  type MegabyteSizes,
} from './networks/megabyte.js';
export {
  HiddenLayer,
  MLP,
  mlpParameterCount,
  type HiddenLayerOptions,
  type MLPActivation,
  type MLPInit,
  type MLPSizes,
} from './networks/mlp.js';
export {
  RecurrentNetwork,
  RecurrentStack,
  recurrentNetworkParameterCount,
  type RecurrentNetworkSizes,
} from './networks/recurrent-network.js';
export { ruleBasedParameterCount } from './networks/rules.js';
export { WaveNet, waveNetParameterCount, type WaveNetSizes } from './networks/wave-net.js';
export {
  nextTokenScores,
  type Compile,
  type CompiledScores,
  type NextTokenScores,
  type NextTokenScoresOptions,
} from './sampling/next-token-scores.js';
export {
  type Narrowing,
  type ProbabilityOptions,
  tokenProbabilities,
} from './sampling/probabilities.js';
export { drawTokens, sample, type DrawnToken, type SampleOptions } from './sampling/sample.js';
export {
  calculateGain,
  kaimingNormal,
  kaimingUniform,
  onesParameter,
  parameter,
  randnParameter,
  uniformParameter,
  xavierNormal,
  xavierUniform,
  zerosParameter,
  type KaimingOptions,
  type Nonlinearity,
  type XavierOptions,
} from './init.js';
export type { LanguageModel, Mode, ModelSizes, TokenStream } from './language-model.js';
export { countParameters, describe, Module, type Counter } from './module.js';
export { loadStateDict, stateDict, type StateDict } from './state-dict.js';
