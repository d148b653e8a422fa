import type { PreparedData } from '../text/prepare-data.js';
import { scoredCount } from '../text/text-part.js';

/** What a program depends on besides settings: what only the text says. */
export interface TextFacts {
  /** Positions of the longest line to learn from, its end included. Default: no more than a model sees. */
  readonly longestLine?: number | undefined;
  /** The same of the lines that are held out. */
  readonly longestHeldOut?: number | undefined;
  /** Tokens to learn from. Default: few enough that an order of all windows is kept in memory. */
  readonly tokens?: number | undefined;
}

/** The facts of a text that is split. */
export const textFacts = (data: PreparedData): TextFacts => ({
  tokens: scoredCount(data.train),
  ...(data.examples === 'lines' && {
    longestLine: data.train.tokens.longest,
    longestHeldOut: data.val.tokens.longest,
  }),
});
