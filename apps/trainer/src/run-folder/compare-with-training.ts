import { statSync } from 'node:fs';
import { LineIndex } from '@llm101/data';
import type { ExamplesName, PreparedData } from '@llm101/runs';
import { count, makeOutput } from '../terminal/output.js';
import { splitTextOfRun } from './data.js';
import { runFolder } from './paths.js';
import { settingsOfRun } from './settings.js';

/** How much of what a model has drawn stands in what it learned from. */
export interface Comparison {
  /** Lines that were drawn, without empty ones and those that the draw has cut. */
  readonly lines: number;
  /** Of these, as they are, also lines of the training text. */
  readonly found: number;
  /** Characters of the longest stretch that also stands in the training text; of blocks alone. */
  readonly longest?: number;
}

/** Bytes of a text that is read for it; one that is longer takes too long. */
const MOST_BYTES = 20_000_000;

/** Characters of drawn texts that copied stretches are looked for in. */
const MOST_DRAWN = 20_000;

/** How long a text may take to come. */
const PATIENCE_MS = 10_000;

/** Compares drawn texts with the training text of their run; nothing where that isn't at hand, or is long. */
export async function compareWithTraining(
  texts: readonly string[],
  { runDir, examples }: { readonly runDir: string; readonly examples: ExamplesName },
): Promise<Comparison | undefined> {
  const data = await trainingOf(runDir);
  if (data === undefined || data.examples !== examples) return undefined;
  if (data.examples === 'lines') {
    const { tokenizer, train } = data;
    const index = new LineIndex([train.tokens]);
    for (let line = 0; line < train.tokens.length; line++) index.add(0, line);
    const isKnown = (text: string): boolean =>
      tokenizer.firstUnknown(text) === undefined && index.has(tokenizer.encode(text));
    return { lines: texts.length, found: texts.filter(isKnown).length };
  }
  const tokens = new Int32Array(data.train.tokens.length);
  data.train.tokens.copy(0, tokens.length, tokens, 0);
  const training = data.tokenizer.decode(tokens);
  const known = new Set(training.split(/\r?\n/));
  // the first and the last line of a draw are cut
  const lines = texts
    .flatMap((text) => text.split(/\r?\n/).slice(1, -1))
    .filter((line) => line.trim() !== '');
  const found = lines.filter((line) => known.has(line)).length;
  return { lines: lines.length, found, longest: longestCopied(texts, training) };
}

async function trainingOf(runDir: string): Promise<PreparedData | undefined> {
  try {
    const run = runFolder(runDir);
    const settings = settingsOfRun(runDir);
    const size = statSync(settings.data, { throwIfNoEntry: false })?.size ?? 0;
    const kept = statSync(run.tokens, { throwIfNoEntry: false })?.size ?? 0;
    if (Math.max(size, kept) > MOST_BYTES) return undefined;
    const output = makeOutput({ quiet: true });
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return await splitTextOfRun(run, settings, { output, signal });
  } catch {
    return undefined; // the model draws without it
  }
}

/** Characters of the longest stretch of some texts that also stands in another. */
function longestCopied(texts: readonly string[], training: string): number {
  let [longest, looked] = [0, 0];
  for (const text of texts) {
    for (let start = 0; start + longest < text.length && looked < MOST_DRAWN; start++, looked++) {
      while (
        start + longest < text.length &&
        training.includes(text.slice(start, start + longest + 1))
      ) {
        longest++;
      }
    }
  }
  return longest;
}

/** The same in words: `3 of 10 lines stand in the training text`. */
export function describeComparison(
  { lines, found, longest }: Comparison,
  examples: ExamplesName,
): string {
  const what = examples === 'lines' ? 'samples' : 'whole lines';
  const stand = `${count(found)} of ${count(lines)} ${what} stand in the training text`;
  if (longest === undefined) return stand;
  const stretch = (of: string): string =>
    `the longest stretch copied from ${of} has ${count(longest)} character${longest === 1 ? '' : 's'}`;
  return lines === 0 ? stretch('the training text') : `${stand}; ${stretch('it')}`;
}
