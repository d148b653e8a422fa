import { BlockDataset, DataLoader, RandomLoader } from '@llm101/data';
import type { Batch, Dataset, Shuffle, TokenSource } from '@llm101/data';
import { type EvaluationData, InfiniteLoader, NextTokenCounts } from '@llm101/training';
import { checkBlock } from '../text/checks.js';
import type { BlockData } from '../text/prepare-data.js';
import type { BlockSet } from '../text/text-part.js';
import type { Examples, ExamplesOptions, ValidationOptions } from './model-kind.js';

/** The settings of {@link blockExamples}. */
interface BlockSettings {
  /** T */
  readonly contextSize: number;
  /** B */
  readonly batchSize: number;
}

/** What is learned of a block. */
interface BlockTargets {
  /** What follows each of its positions, or the last one. */
  readonly targets: 'each' | 'last';
  /** Every token of the text that is held out. */
  readonly every: (val: BlockSet) => EvaluationData;
}

/**
 * Stretches of T tokens of one text, each position with the token that follows it, or the last one alone: drawn at random with replacement,
 * or all of them, each once a pass. With `valBatches` a validation is that many random batches of each part, drawn from the same stream, as
 * in nanoGPT.
 */
export function blockExamples(
  { loaded: { name }, train, val }: BlockData,
  { settings, generator }: ExamplesOptions<BlockSettings>,
  { targets, every }: BlockTargets,
): Examples {
  const { contextSize, batchSize, valBatches, order } = settings;
  checkBlock(`${name}: the part to learn from`, train.tokens, contextSize);
  checkBlock(`${name}: the part held out`, val.tokens, contextSize);
  const blocks = new BlockDataset(train.tokens, { contextSize, targets });
  const batches =
    order === 'random'
      ? new InfiniteLoader(new RandomLoader(blocks, { batchSize, generator }), {
          ahead: true, // a batch is drawn before the validation that follows the step before
        })
      : passes(train, targets, { settings, generator });
  if (valBatches === 0) return { batches, validation: every(val) };
  const held = new BlockDataset(val.tokens, { contextSize, targets });
  const some = { batchSize, batches: valBatches, generator };
  return {
    batches,
    validation: new RandomLoader(held, some),
    trainEstimate: new RandomLoader(blocks, some),
  };
}

/** Every target of a text once a pass: stretches side by side, or all windows where only what follows them is learned. */
function passes(
  { tokens }: BlockSet,
  targets: BlockTargets['targets'],
  {
    settings: { contextSize, batchSize, order },
    generator,
  }: Pick<ExamplesOptions<BlockSettings>, 'settings' | 'generator'>,
): InfiniteLoader {
  const stride = targets === 'each' ? contextSize : 1;
  const blocks = new BlockDataset(tokens, { contextSize, stride, targets });
  const isShuffled = order === 'shuffled';
  const shuffle = isShuffled && shuffleOf(blocks);
  const loader = new DataLoader(blocks, { batchSize, shuffle, generator });
  return new InfiniteLoader(loader, { reshuffle: isShuffled });
}

/** Rows whose order is kept in memory. */
const MOST_LISTED = 2 ** 23;

/** PyTorch's order, or for very many rows one that takes no memory. */
export const shuffleOf = ({ length }: Dataset): Shuffle =>
  length <= MOST_LISTED ? true : 'computed';

/**
 * Every window of a text, or some that are spread evenly, and the token that follows it: of each distinct window once. The first T tokens
 * follow none.
 */
export function everyWindow(
  tokens: TokenSource,
  { tokenizer, contextSize, most = Infinity }: ValidationOptions,
): NextTokenCounts {
  const stride = Math.max(1, Math.ceil(tokens.length / most));
  const windows = new BlockDataset(tokens, { contextSize, stride, targets: 'last' });
  return new NextTokenCounts(windows, tokenizer.vocabSize);
}

/** Positions of a batch that is evaluated. */
export const EVALUATED_POSITIONS = 2048;

/**
 * Every token of a text but the first, once, in order: stretches of T side by side, and the rest of the text at the end of one
 * more, whose other positions don't count; a text that is shorter than a stretch begins one. Where there are more than `most` tokens,
 * stretches that are spread evenly.
 */
export function everyStretch(
  tokens: TokenSource,
  T: number,
  most: number = Infinity,
): Iterable<Batch> {
  if (tokens.length <= T) return [beginningOf(tokens, T)];
  const step = Math.max(1, Math.ceil(tokens.length / most));
  const stretches = new BlockDataset(tokens, { contextSize: T, stride: step * T });
  const batchSize = Math.max(1, Math.floor(EVALUATED_POSITIONS / T));
  const whole = new DataLoader(stretches, { batchSize });
  if (step > 1) return whole;
  const left = tokens.length - 1 - stretches.length * T;
  return {
    *[Symbol.iterator]() {
      yield* whole;
      if (left > 0) yield endOf(tokens, { T, left });
    },
  };
}

/** The last T tokens that something follows, as a batch of one row, of which the last `left` count. */
function endOf(
  tokens: TokenSource,
  { T, left }: { readonly T: number; readonly left: number },
): Batch {
  const [inputs, targets] = [new Int32Array(T), new Int32Array(T)];
  tokens.copy(tokens.length - 1 - T, T, inputs, 0);
  tokens.copy(tokens.length - T, T, targets, 0);
  const weights = new Float32Array(T).fill(1, T - left);
  return { size: 1, contextSize: T, inputs, targets, weights };
}

/** A text of at most T tokens as a batch of one row, which it begins; what fills the row doesn't count, and nothing before it sees that. */
function beginningOf(tokens: TokenSource, T: number): Batch {
  const [inputs, targets] = [new Int32Array(T), new Int32Array(T)];
  const count = tokens.length - 1;
  tokens.copy(0, count, inputs, 0);
  tokens.copy(1, count, targets, 0);
  const weights = new Float32Array(T).fill(1, 0, count);
  return { size: 1, contextSize: T, inputs, targets, weights };
}
