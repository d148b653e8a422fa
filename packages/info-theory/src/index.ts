export { bitsFromNats } from './bits-from-nats.js';
export { beamDecode, type BeamOptions, type Hypothesis } from './channel/beam-decode.js';
export { binarySymmetricChannel } from './channel/binary-symmetric-channel.js';
export { Channel } from './channel/channel.js';
export {
  channelCapacity,
  type Capacity,
  type CapacityOptions,
} from './channel/channel-capacity.js';
export {
  binarySymmetricCapacity,
  erasureCapacity,
  substitutionCapacity,
} from './channel/closed-capacities.js';
export { erasureChannel, type ErasureOptions } from './channel/erasure-channel.js';
export { priorOf, type LanguagePrior } from './channel/language-prior.js';
export { likeliestSymbols } from './channel/likeliest-symbols.js';
export { mixedPrior } from './channel/mixed-prior.js';
export { substitutionChannel, type SubstitutionOptions } from './channel/substitution-channel.js';
export { symbolErrorRate } from './channel/symbol-error-rate.js';
export { AdaptiveCounts } from './coding/adaptive-counts.js';
export { AdaptiveNgrams, type AdaptiveNgramsOptions } from './coding/adaptive-ngrams.js';
export { ArithmeticDecoder } from './coding/arithmetic-decoder.js';
export { ArithmeticEncoder } from './coding/arithmetic-encoder.js';
export { BitReader } from './coding/bit-reader.js';
export { BitWriter } from './coding/bit-writer.js';
export { codeInLanes, type LaneOptions } from './coding/code-in-lanes.js';
export { CodecError } from './coding/codec-error.js';
export { CODER_NAMES, type CoderName, makeDecoder, makeEncoder } from './coding/coders.js';
export { compress, type CompressOptions, decompress } from './coding/compress.js';
export { type Container, readContainer, writeContainer } from './coding/container.js';
export { crc32 } from './coding/crc32.js';
export { frequenciesFromLogits, type LogitOptions } from './coding/frequencies-from-logits.js';
export { FrequencyTable } from './coding/frequency-table.js';
export { HuffmanCode } from './coding/huffman-code.js';
export { HuffmanDecoder } from './coding/huffman-decoder.js';
export { HuffmanEncoder } from './coding/huffman-encoder.js';
export { huffmanLengths } from './coding/huffman-lengths.js';
export { MixingModel, type MixingOptions } from './coding/mixing/mixing-model.js';
export { RansDecoder } from './coding/rans-decoder.js';
export { RansEncoder } from './coding/rans-encoder.js';
export { scaledFrequencies } from './coding/scaled-frequencies.js';
export type { SymbolCoder, SymbolDecoder, SymbolEncoder } from './coding/symbol-coder.js';
export type { SymbolModel } from './coding/symbol-model.js';
export { TableModel } from './coding/table-model.js';
export { conditionalEntropy } from './conditional-entropy.js';
export { conditionalMutualInformation } from './conditional-mutual-information.js';
export { crossEntropy } from './cross-entropy.js';
export { distribution } from './distribution.js';
export { entropy } from './entropy.js';
export {
  bootstrapInterval,
  type BootstrapOptions,
  type Interval,
} from './estimators/bootstrap-interval.js';
export type { EntropyEstimator } from './estimators/entropy-estimator.js';
export { grassbergerEntropy } from './estimators/grassberger-entropy.js';
export { jamesSteinEntropy } from './estimators/james-stein-entropy.js';
export { laplaceEntropy, type LaplaceOptions } from './estimators/laplace-entropy.js';
export { millerMadowEntropy } from './estimators/miller-madow-entropy.js';
export { plugInEntropy } from './estimators/plug-in-entropy.js';
export { gaussianEntropy } from './gaussian-entropy.js';
export { jensenShannonDistance } from './jensen-shannon-distance.js';
export { jensenShannonDivergence } from './jensen-shannon-divergence.js';
export { jointDistribution } from './joint-distribution.js';
export { jointEntropy } from './joint-entropy.js';
export { klDivergence } from './kl-divergence.js';
export { guessingBounds, guessRanks, type EntropyBounds } from './language/guessing-game.js';
export { matchLengthRate, type MatchLengthOptions } from './language/match-length-rate.js';
export { ngramEntropies, type NgramEntropyOptions } from './language/ngram-entropies.js';
export { NgramModel, type NgramOptions, type Smoothing } from './language/ngram-model.js';
export { sequenceCrossEntropy } from './language/sequence-cross-entropy.js';
export { sequenceSurprisals } from './language/sequence-surprisals.js';
export type { SymbolPredictor } from './language/symbol-predictor.js';
export { mutualInformation } from './mutual-information.js';
export { natsFromBits } from './nats-from-bits.js';
export { perplexity } from './perplexity.js';
export type { RandomSource } from './random-source.js';
export { redundancy } from './redundancy.js';
export { renyiEntropy, type RenyiOptions } from './renyi-entropy.js';
export { surprisal } from './surprisal.js';
export { tally } from './tally.js';
export { tallyPairs, type PairedSamples } from './tally-pairs.js';
export { totalVariation } from './total-variation.js';
export { typicalSet, type TypicalSet, type TypicalSetOptions } from './typical-set.js';
export type { InformationUnit, UnitOptions } from './unit-options.js';
