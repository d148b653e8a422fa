export { bitsFromNats } from './bits-from-nats.js';
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
