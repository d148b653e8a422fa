import type { Settings } from '../settings/settings.js';
import type { TextFacts } from './text-facts.js';

/** How whole lines lie in the rows of a batch. */
export interface Rows {
  readonly rows: number;
  /** Positions of a row. */
  readonly width: number;
  /** Positions of a line that is longer than a row which each piece of it repeats. */
  readonly lookBack: number;
}

/** Whether a GPT meets lines that are longer than what it sees, of which the longest has so many positions. */
export const isCut = ({ model, contextSize }: Settings, longest: number = 0): boolean =>
  model === 'gpt' && longest > contextSize;

/** Whether a model learns what follows a window, not what follows each position. */
export const isOfWindows = ({ model, examples }: Settings): boolean =>
  model === 'mlp' || model === 'cnn' || (model === 'megabyte' && examples === 'lines');

/** Whether the length of a row is a size of the model or of the text's examples. */
export const readsContext = ({ model, examples }: Settings): boolean =>
  examples === 'blocks' || (model !== 'wavenet' && model !== 'bigram');

export const isRecurrent = ({ model }: Settings): boolean => model === 'gru' || model === 'lstm';

/** Tokens that a model of lines sees. */
export function seenBy({ model, contextSize, depth, blocks }: Settings): number {
  if (model === 'bigram') return 1;
  return model === 'wavenet' ? 1 + blocks * (2 ** depth - 1) : contextSize;
}

/** The rows of a batch of lines that are learned from. */
export function rowsOf(settings: Settings, facts: TextFacts): Rows {
  const { packedSize, packedRows, batchSize, contextSize } = settings;
  const half = { width: contextSize, lookBack: Math.floor(contextSize / 2) };
  if (isRecurrent(settings)) return { ...half, rows: batchSize };
  if (isCut(settings, facts.longestLine)) {
    return { ...half, rows: Math.ceil((packedRows * packedSize) / contextSize) };
  }
  return { rows: packedRows, width: packedSize, lookBack: seenBy(settings) - 1 };
}

/** Positions of a batch that is scored. */
export const SCORED = 2048;
