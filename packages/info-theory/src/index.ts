export {
  beamDecode,
  likeliestSymbols,
  type BeamOptions,
  type Hypothesis,
} from './channel/beam-decode.js';
export {
  channelCapacity,
  type Capacity,
  type CapacityOptions,
} from './channel/channel-capacity.js';
export { Channel, symbolErrorRate } from './channel/channel.js';
export {
  binarySymmetricCapacity,
  binarySymmetricChannel,
  erasureCapacity,
  erasureChannel,
  substitutionCapacity,
  substitutionChannel,
  type ErasureOptions,
  type SubstitutionOptions,
} from './channel/channels.js';
export { mixedPrior, priorOf, type LanguagePrior } from './channel/priors.js';
export { ArithmeticDecoder, ArithmeticEncoder } from './coding/arithmetic-coder.js';
export { BitReader, BitWriter } from './coding/bits.js';
export { codeInLanes, symbolArray, type LaneOptions } from './coding/code-in-lanes.js';
export { CODER_NAMES, makeDecoder, makeEncoder, type CoderName } from './coding/coders.js';
export { compress, decompress, MAX_COMPRESSED_BYTES } from './coding/compress.js';
export type { CompressOptions, DecompressOptions } from './coding/compress.js';
export { readContainer, writeContainer, type Container } from './coding/container.js';
export { crc32 } from './coding/crc32.js';
export { frequenciesFromLogits, type LogitOptions } from './coding/frequencies-from-logits.js';
export { FrequencyTable, scaledFrequencies } from './coding/frequency-table.js';
export { HuffmanCode } from './coding/huffman-code.js';
export { HuffmanDecoder, HuffmanEncoder } from './coding/huffman-coder.js';
export { huffmanLengths } from './coding/huffman-lengths.js';
export { MixingModel, type MixingOptions } from './coding/mixing/mixing-model.js';
export { portableExp, portableLog } from './coding/portable-math.js';
export { RansDecoder, RansEncoder } from './coding/rans-coder.js';
export {
  CodecError,
  type SymbolCoder,
  type SymbolDecoder,
  type SymbolEncoder,
} from './coding/symbol-coder.js';
export {
  AdaptiveCounts,
  AdaptiveNgrams,
  TableModel,
  type AdaptiveNgramsOptions,
  type SymbolModel,
} from './coding/symbol-models.js';
export {
  distribution,
  jointDistribution,
  tally,
  tallyPairs,
  type PairedSamples,
} from './distributions.js';
export {
  bootstrapInterval,
  type BootstrapOptions,
  type Interval,
} from './estimators/bootstrap-interval.js';
export {
  grassbergerEntropy,
  jamesSteinEntropy,
  laplaceEntropy,
  millerMadowEntropy,
  plugInEntropy,
  type EntropyEstimator,
  type LaplaceOptions,
} from './estimators/entropy-estimators.js';
export { guessingBounds, guessRanks, type EntropyBounds } from './language/guessing-game.js';
export { matchLengthRate, type MatchLengthOptions } from './language/match-length-rate.js';
export { ngramEntropies, type NgramEntropyOptions } from './language/ngram-entropies.js';
export { NgramModel, type NgramOptions, type Smoothing } from './language/ngram-model.js';
export {
  sequenceCrossEntropy,
  sequenceSurprisals,
  type SymbolPredictor,
} from './language/symbol-predictor.js';
export {
  jensenShannonDistance,
  jensenShannonDivergence,
  klDivergence,
  totalVariation,
} from './measures/divergences.js';
export {
  crossEntropy,
  entropy,
  perplexity,
  redundancy,
  renyiEntropy,
  surprisal,
  type RenyiOptions,
} from './measures/entropies.js';
export { gaussianEntropy } from './measures/gaussian-entropy.js';
export {
  conditionalEntropy,
  conditionalMutualInformation,
  jointEntropy,
  mutualInformation,
} from './measures/joint-measures.js';
export { typicalSet, type TypicalSet, type TypicalSetOptions } from './measures/typical-set.js';
export type { RandomSource } from './random-source.js';
export { bitsFromNats, natsFromBits, type InformationUnit, type UnitOptions } from './units.js';
