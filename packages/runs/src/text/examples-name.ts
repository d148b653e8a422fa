import type { LineEnds } from '@llm101/data';

/** What a text is cut into: lines, an example each, or blocks of one stream. */
export type ExamplesName = 'lines' | 'blocks';

/** Whether line ends part texts, as where each line is an example, or are characters. */
export const lineEndsOf = (examples: ExamplesName): LineEnds =>
  examples === 'lines' ? 'separate' : 'characters';
