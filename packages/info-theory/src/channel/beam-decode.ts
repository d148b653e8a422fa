import { checkSize, checkSymbol, checkSymbols } from '../checks.js';
import type { Channel } from './channel.js';
import type { LanguagePrior } from './priors.js';

/** Settings of {@link beamDecode}. */
export interface BeamOptions {
  /** What the symbols went through. */
  readonly channel: Channel;
  /** What is likely to be sent; of as many symbols as the channel's inputs. */
  readonly prior: LanguagePrior;
  /** Hypotheses kept of each sequence; 16 unless given. */
  readonly beamWidth?: number;
  /** The symbol that ends each sequence, if the prior has one: its probability after the last symbol counts too. */
  readonly end?: number;
}

/** What may have been sent. */
export interface Hypothesis {
  /** One for each symbol received. */
  readonly symbols: readonly number[];
  /** ln p(received | symbols) + ln p(symbols), in nats. */
  readonly score: number;
}

/**
 * Guesses what was sent from what was received: the sequence with the highest `p(received | sent) p(sent)`, which is
 * the likeliest by Bayes' rule. All prefixes can't be kept, so the best few of each length are. All sequences go forward
 * together, and the prior is asked once for each place, for all that is still open.
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", section 12, for the receiver's problem; Lowerre
 * (1976), "The HARPY Speech Recognition System", for the search.
 *
 * @param received - sequences of symbols, 0 … channel.outputs - 1
 * @returns for each sequence its hypotheses, the best first; none where nothing that can be sent explains it
 * @throws RangeError when a symbol can't be received, the prior and the channel differ in size, the prior answers with
 *   another number of values than it was asked for, or an option is out of its range
 */
export function beamDecode(
  received: readonly ArrayLike<number>[],
  options: BeamOptions,
): Hypothesis[][] {
  const { channel, prior, beamWidth = 16, end } = options;
  checkSizes(channel, prior);
  checkSize('beamDecode', beamWidth, 'beamWidth');
  if (end !== undefined) checkSymbol('beamDecode', end, prior.size);
  for (const sequence of received) checkSymbols('beamDecode', sequence, channel.outputs);
  const beams: Hypothesis[][] = received.map(() => [{ symbols: [], score: 0 }]);
  const causes = causesOf(channel);
  const longest = received.reduce((most, { length }) => Math.max(most, length), 0);
  for (let place = 0; place < longest; place++) {
    const open = received.flatMap(({ length }, i) => (length > place ? [i] : []));
    const asked = open.flatMap((i) => beams[i]);
    const rows = ask(prior, asked);
    let row = 0;
    for (const i of open) {
      const longer = new Best<{ from: Hypothesis; symbol: number }>(beamWidth);
      for (const from of beams[i]) {
        const offset = prior.size * row++;
        for (const { symbol, logProbability } of causes[received[i][place]]) {
          const score = from.score + rows[offset + symbol] + logProbability;
          if (score > longer.least) longer.add(score, { from, symbol });
        }
      }
      beams[i] = longer.items.map(({ score, item: { from, symbol } }) => ({
        symbols: [...from.symbols, symbol],
        score,
      }));
    }
  }
  return end === undefined ? beams : ended(beams, prior, end);
}

/** For each symbol received, what can have been sent, and ln p(received | sent). */
function causesOf(channel: Channel): { symbol: number; logProbability: number }[][] {
  return Array.from({ length: channel.outputs }, (_, received) =>
    channel.matrix.flatMap((row, symbol) =>
      row[received] > 0 ? [{ symbol, logProbability: Math.log(row[received]) }] : [],
    ),
  );
}

/** `[B, size]` what the prior says after each hypothesis. */
function ask(prior: LanguagePrior, hypotheses: readonly Hypothesis[]): ArrayLike<number> {
  if (hypotheses.length === 0) return [];
  const rows = prior.logProbabilities(hypotheses.map(({ symbols }) => symbols));
  if (rows.length !== hypotheses.length * prior.size) {
    throw new RangeError(
      `beamDecode: the prior must answer ${hypotheses.length} contexts with ${prior.size} values each; got ${rows.length} values`,
    );
  }
  return rows;
}

/** Adds how likely the end is after each hypothesis, and puts the best first again. */
function ended(
  beams: readonly (readonly Hypothesis[])[],
  prior: LanguagePrior,
  end: number,
): Hypothesis[][] {
  const rows = ask(prior, beams.flat());
  let row = 0;
  return beams.map((beam) => {
    const sorted = new Best<readonly number[]>(Math.max(beam.length, 1));
    for (const { symbols, score } of beam) {
      const whole = score + rows[prior.size * row++ + end];
      if (whole > sorted.least) sorted.add(whole, symbols);
    }
    return sorted.items.map(({ score, item }) => ({ symbols: item, score }));
  });
}

/** @throws RangeError unless what can be sent is what the prior knows */
function checkSizes(channel: Channel, prior: LanguagePrior): void {
  if (prior.size !== channel.inputs) {
    throw new RangeError(
      `beamDecode: the prior must have the channel's ${channel.inputs} inputs; got ${prior.size} symbols`,
    );
  }
}

/** The few highest scores of many, highest first; of equal ones the first that came. */
class Best<T> {
  readonly #items: { readonly score: number; readonly item: T }[] = [];
  readonly #most: number;

  /** @param most - how many are kept, from 1 on */
  constructor(most: number) {
    this.#most = most;
  }

  get items(): readonly { readonly score: number; readonly item: T }[] {
    return this.#items;
  }

  /** What a score must exceed to be kept: -Infinity as long as there is room. */
  get least(): number {
    return this.#items.length < this.#most ? -Infinity : this.#items[this.#most - 1].score;
  }

  add(score: number, item: T): void {
    let place = this.#items.length;
    while (place > 0 && this.#items[place - 1].score < score) place--;
    this.#items.splice(place, 0, { score, item });
    if (this.#items.length > this.#most) this.#items.pop();
  }
}

/**
 * The likeliest symbol at each place, by the hypotheses' shares of `exp(score)`: fewest wrong symbols are expected of
 * it, where the likeliest sequence has the best chance to be wholly right. It need not be one of the hypotheses.
 *
 * Source: Bahl, Cocke, Jelinek and Raviv (1974), "Optimal Decoding of Linear Codes for Minimizing Symbol Error Rate",
 * whose sum over all sequences the beam stands for.
 *
 * @param hypotheses - of one sequence, as `beamDecode` gives them
 * @returns `[n]` symbols; none if there is no hypothesis
 */
export function likeliestSymbols(hypotheses: readonly Hypothesis[]): number[] {
  if (hypotheses.length === 0) return [];
  const highest = Math.max(...hypotheses.map(({ score }) => score));
  return hypotheses[0].symbols.map((_, place) => {
    const votes = new Map<number, number>();
    let likeliest = hypotheses[0].symbols[place];
    for (const { symbols, score } of hypotheses) {
      const symbol = symbols[place];
      votes.set(symbol, (votes.get(symbol) ?? 0) + Math.exp(score - highest));
      if ((votes.get(symbol) ?? 0) > (votes.get(likeliest) ?? 0)) likeliest = symbol;
    }
    return likeliest;
  });
}
