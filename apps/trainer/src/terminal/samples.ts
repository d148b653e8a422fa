import type { ExamplesName } from '@llm101/runs';

/** What stands between two texts of several lines. */
export const RULE = '---------------';

/** Drawn texts as lines: one a line, or with their own line breaks and a rule between them. */
export function shownTexts(texts: readonly string[], examples: ExamplesName): string[] {
  if (examples === 'lines') return [...texts];
  return texts.flatMap((text, i) => [...(i === 0 ? [] : [RULE]), ...text.split('\n')]);
}
