import { bitsFromNats, priorOf, type LanguagePrior } from '@llm101/info-theory';
import { encodePrompt } from '../sample/encode-prompt.js';
import type { EntropySettings } from './settings.js';
import { formatTable } from '../../terminal/format-table.js';
import { loadHeldOut } from '../../run-folder/held-out.js';
import { networkPrior } from '../../run/network-prior.js';
import { encodeLines, nameOfOrder, ngramsOf } from '../../run/ngrams-of.js';
import type { Output } from '../../terminal/output.js';

/** What {@link surprisalCommand} needs besides settings. */
export interface SurprisalCommandOptions {
  readonly words: readonly string[];
  /** The folder of a run. */
  readonly model?: string | undefined;
  readonly output: Output;
}

/** `llm101 entropy --surprisal`: how surprising each character of some words is, and their end, to n-grams and a network. */
export async function surprisalCommand(
  { order, unit, ...split }: EntropySettings,
  { words, model, output }: SurprisalCommandOptions,
): Promise<void> {
  const { data, network } = await loadHeldOut(split, { model, output });
  const { tokenizer, train } = data;
  const sequences = words.map((word) => [...encodePrompt(word, tokenizer, '--surprisal'), 0]);
  const learned = encodeLines(train, tokenizer);
  const ngrams = new Set([1, 2, order].filter((n) => n <= order));
  const prior = network && networkPrior(network.model);
  const priors: [string, LanguagePrior][] = Array.from(ngrams, (n) => [
    nameOfOrder(n),
    priorOf(ngramsOf(learned, { size: tokenizer.vocabSize, order: n })),
  ]);
  if (network && prior) priors.push([network.type, prior]);
  const answers = words.map((word, i) => ({
    word,
    surprisals: Object.fromEntries(
      priors.map(([name, p]) => [
        name,
        surprisals(p, sequences[i]).map((nats) => (unit === 'bits' ? bitsFromNats(nats) : nats)),
      ]),
    ),
  }));
  prior?.dispose();
  const lines = answers.flatMap(({ word, surprisals: rows }) => [
    ...formatTable([
      [unit, ...Array.from(word), 'end', 'in all'],
      ...Object.entries(rows).map(([name, values]) => cellsOf(name, values)),
    ]),
    '',
  ]);
  output.answer(lines.slice(0, -1), { unit, words: answers });
}

/** `[n]` -ln p of each symbol after those before it. */
function surprisals(prior: LanguagePrior, sequence: readonly number[]): number[] {
  const rows = prior.logProbabilities(sequence.map((_, i) => sequence.slice(0, i)));
  return sequence.map((symbol, i) => -rows[i * prior.size + symbol]);
}

/** The row of a table, with the sum at its end. */
function cellsOf(name: string, values: readonly number[]): string[] {
  const total = values.reduce((a, b) => a + b, 0);
  return [name, ...[...values, total].map((value) => value.toFixed(1))];
}
