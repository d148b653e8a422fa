export {
  type CodecNetwork,
  codecNetwork,
  type CompressedFile,
  compressFile,
  type CompressFileOptions,
  decompressFile,
  type CompressedHeader,
  type DecompressFileOptions,
  inspectCompressed,
  type OnProgress,
  TooLargeError,
} from './codec/file-codec.js';
export type { CrossEntropy } from './codec/code-symbols.js';
export { byteEntropies, countCharacters } from './codec/sizes.js';
export {
  type DrawnPart,
  type DrawnText,
  type DrawOptions,
  drawText,
  drawTexts,
  type DrawTextsOptions,
  planTexts,
  type TextPlan,
  type TextSettings,
} from './draw-texts.js';
export { encodePrompt } from './encode-prompt.js';
export type { Ending } from './ending.js';
export { type ChannelKind, channelKinds } from './noise/channel-kinds.js';
export {
  correctNoisy,
  type CorrectOptions,
  countRepairs,
  type Repairs,
  type SymbolLines,
} from './noise/correct-noisy.js';
export {
  type ChannelSettings,
  decodeNoisy,
  encodeNoisy,
  makeChannel,
  type NoisyText,
} from './noise/noisy-text.js';
export { plainScores, type PlainScoresOptions, type UseOptions } from './plain-scores.js';
export { type NextOptions, type NextToken, Predictor, type SurpriseOptions } from './predictor.js';
export {
  makePriors,
  type NamedPrior,
  nameOfOrder,
  type NetworkPrior,
  networkPrior,
  type NetworkPriorOptions,
  ngramsOf,
  PRIOR_ROWS,
  type Priors,
  priorSurprisals,
  type PriorsOptions,
  sequencesOf,
} from './priors.js';
export type { Surprise, SurprisedPart, TextPart, TokenSurprise } from './surprise.js';
