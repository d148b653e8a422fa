import { countedPositions } from '@llm101/data';
import type { TokenLines, TokenSource } from '@llm101/data';

/** Some lines of a text, in the order of the split. */
export interface LineSet {
  readonly tokens: TokenLines;
}

/** A stretch of a text, line ends included. */
export interface BlockSet {
  readonly tokens: TokenSource;
}

/** A part of a text, to train on or held out. */
export type TextPart = LineSet | BlockSet;

/** Whether a part of a text is one stream, not lines. */
export const isStream = (part: TextPart): part is BlockSet => 'copy' in part.tokens;

/** Tokens of a part, with the end of each line. */
export const tokenCount = (part: TextPart): number =>
  isStream(part) ? part.tokens.length : part.tokens.positions;

/** Tokens of a part that are scored: of lines that have answers those of these. */
export const scoredCount = (part: TextPart): number =>
  isStream(part) ? part.tokens.length : countedPositions(part.tokens);
