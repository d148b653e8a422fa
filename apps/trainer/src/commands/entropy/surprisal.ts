import { encodePrompt, priorSurprisals } from '@llm101/inference';
import { bitsFromNats } from '@llm101/info-theory';
import { formatTable } from '../../terminal/output.js';
import type { EntropySettings } from './entropy.js';
import { priorsOf } from '../../priors.js';
import { type HeldOutOptions, loadHeldOut } from '../../run-folder/data.js';

/** What {@link surprisalCommand} needs besides settings. */
export interface SurprisalCommandOptions extends HeldOutOptions {
  readonly words: readonly string[];
}

/** `llm101 entropy --surprisal`: how surprising each character of some words, and the end of a line, is to n-grams and a network. */
export async function surprisalCommand(
  { order, unit, ...split }: EntropySettings,
  { words, model, data: text, config, workers, output }: SurprisalCommandOptions,
): Promise<void> {
  const { data, network } = await loadHeldOut(split, { model, data: text, config, output });
  const ends = data.examples === 'lines' ? [0] : []; // one text has no end
  const sequences = words.map((word) => [
    ...encodePrompt(word, data.tokenizer, '--surprisal'),
    ...ends,
  ]);
  const { ngrams, networks, dispose } = priorsOf(
    { data, network },
    { order, workers, tokens: sequences.flat().length },
  );
  const priors = [...ngrams, ...networks.slice(0, 1)];
  const answers = words.map((word, i) => ({
    word,
    surprisals: Object.fromEntries(
      priors.map(({ name, prior }) => [
        name,
        priorSurprisals(prior, sequences[i]).map((nats) =>
          unit === 'bits' ? bitsFromNats(nats) : nats,
        ),
      ]),
    ),
  }));
  dispose();
  const lines = answers.flatMap(({ word, surprisals: rows }) => [
    ...formatTable([
      [unit, ...data.tokenizer.split(word), ...ends.map(() => 'end'), 'in all'],
      ...Object.entries(rows).map(([name, values]) => cellsOf(name, values)),
    ]),
    '',
  ]);
  output.answer(lines.slice(0, -1), { unit, words: answers });
}

/** The row of a table, with the sum at its end. */
function cellsOf(name: string, values: readonly number[]): string[] {
  const total = values.reduce((a, b) => a + b, 0);
  return [name, ...[...values, total].map((value) => value.toFixed(1))];
}
