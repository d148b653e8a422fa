export { CNN } from './cnn.js';
export { Conv1d, type Conv1dOptions } from './conv1d.js';
export { countParameters } from './count-parameters.js';
export { describe } from './describe.js';
export { Embedding } from './embedding.js';
export type { LanguageModel, ModelSizes } from './language-model.js';
export { Linear } from './linear.js';
export { MLP } from './mlp.js';
export { Module } from './module.js';
export {
  bigramParameterCount,
  cnnParameterCount,
  mlpParameterCount,
  ruleBasedParameterCount,
} from './parameter-counts.js';
export { loadStateDict, stateDict, type StateDict } from './state-dict.js';
export { sample, type SampleOptions } from './sample.js';
