import { BlockDataset, DataLoader, RandomLoader, type Tokenizer } from '@llm101/data';
import type { Batch, TokenSource } from '@llm101/data';
import { type EvaluationData, InfiniteLoader, NextTokenCounts } from '@llm101/training';
import type { BlockData, BlockSet, TextPart } from '../prepare-data.js';
import { checkBlock } from '../text-checks.js';
import type { Examples, ExamplesOptions } from './model-kind.js';

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
 * Stretches of T tokens of one text, drawn at random with replacement, each position with the token that follows it, or the last
 * one alone. With `valBatches` a validation is that many random batches of each part, drawn from the same stream, as in nanoGPT.
 */
export function blockExamples(
  { loaded: { name }, train, val }: BlockData,
  { settings, generator }: ExamplesOptions<BlockSettings>,
  { targets, every }: BlockTargets,
): Examples {
  const { contextSize, batchSize, valBatches } = settings;
  checkBlock(`${name}: the part to learn from`, train.tokens, contextSize);
  checkBlock(`${name}: the part held out`, val.tokens, contextSize);
  const blocks = new BlockDataset(train.tokens, { contextSize, targets });
  const batches = new InfiniteLoader(new RandomLoader(blocks, { batchSize, generator }), {
    reshuffle: true,
    ahead: true, // a batch is drawn before the validation that follows the step before
  });
  if (valBatches === 0) return { batches, validation: every(val) };
  const held = new BlockDataset(val.tokens, { contextSize, targets });
  const some = { batchSize, batches: valBatches, generator };
  return {
    batches,
    validation: new RandomLoader(held, some),
    trainEstimate: new RandomLoader(blocks, some),
  };
}

/** Whether a part of a text is one stream, not lines. */
export const isStream = (part: TextPart): part is BlockSet => 'copy' in part.tokens;

/** Every window of a text, and the token that follows it: of each distinct window once. The first T tokens follow none. */
export function everyWindow(
  tokens: TokenSource,
  { tokenizer, contextSize }: { readonly tokenizer: Tokenizer; readonly contextSize: number },
): NextTokenCounts {
  const windows = new BlockDataset(tokens, { contextSize, targets: 'last' });
  return new NextTokenCounts(windows, tokenizer.vocabSize);
}

/** Positions of a batch that is evaluated. */
export const EVALUATED_POSITIONS = 2048;

/**
 * Every token of a text but the first, once, in order: stretches of T side by side, and the rest of the text at the end of one
 * more, whose other positions don't count.
 */
export function everyStretch(tokens: TokenSource, T: number): Iterable<Batch> {
  const stretches = new BlockDataset(tokens, { contextSize: T, stride: T });
  const batchSize = Math.max(1, Math.floor(EVALUATED_POSITIONS / T));
  const whole = new DataLoader(stretches, { batchSize });
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
