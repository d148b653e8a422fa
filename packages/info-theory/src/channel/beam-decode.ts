import { checkSize, checkSymbol, checkSymbols } from '../checks.js';
import { largest } from '../sums.js';
import type { Channel } from './channel.js';
import type { LanguagePrior } from './priors.js';

/** Settings of {@link beamDecode}. */
export interface BeamOptions {
  /** The channel that the symbols passed through. */
  readonly channel: Channel;
  /** The prior of what was sent, of as many symbols as the channel has inputs. */
  readonly prior: LanguagePrior;
  /** Hypotheses kept of each sequence; default: 16. */
  readonly beamWidth?: number;
  /** The symbol that ends each sequence, if the prior has one: its probability after the last symbol counts too. */
  readonly end?: number;
}

/** A sequence that may have been sent. */
export interface Hypothesis {
  /** One for each symbol received. */
  readonly symbols: readonly number[];
  /** ln p(received | symbols) + ln p(symbols), in nats. */
  readonly score: number;
}

/**
 * Decodes what was received: the sequence with the highest `p(received | sent) p(sent)`, which is the likeliest by
 * Bayes' rule. Not all prefixes can be kept, so only the best few of each length are. All sequences advance together,
 * and the prior is called once per position, for all unfinished ones.
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", section 12, for the receiver's problem; Lowerre
 * (1976), "The HARPY Speech Recognition System", for the search.
 *
 * @param received - sequences of symbols, 0 … channel.outputs - 1
 * @returns for each sequence its hypotheses, the best first; none if nothing that can be sent explains it
 * @throws RangeError when a symbol can't be received, the prior and the channel differ in size, the prior returns
 *   the wrong number of values, or an option is out of its range
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
  for (let position = 0; position < longest; position++) {
    const open = received.flatMap(({ length }, i) => (length > position ? [i] : []));
    const hypotheses = open.flatMap((i) => beams[i]);
    const rows = logProbabilities(prior, hypotheses);
    let row = 0;
    for (const i of open) {
      const longer = new Best<{ from: Hypothesis; symbol: number }>(beamWidth);
      for (const from of beams[i]) {
        const offset = prior.size * row++;
        const { symbols, logProbabilities: logs } = causes(received[i][position]);
        for (let c = 0; c < symbols.length; c++) {
          const symbol = symbols[c];
          const score = from.score + rows[offset + symbol] + logs[c];
          if (score > longer.least) longer.add(score, { from, symbol });
        }
      }
      beams[i] = longer.items.map(({ score, item: { from, symbol } }) => ({
        symbols: [...from.symbols, symbol],
        score,
      }));
    }
  }
  return end === undefined ? beams : withEnd(beams, prior, end);
}

/** The symbols that may have been sent for one that was received, and ln p(received | sent) of each. */
interface Causes {
  readonly symbols: Uint32Array;
  readonly logProbabilities: Float64Array;
}

/** The causes of each symbol received; only of those that were, since there can be thousands by thousands. */
function causesOf({ matrix }: Channel): (received: number) => Causes {
  const known = new Map<number, Causes>();
  return (received) => {
    const found = known.get(received);
    if (found !== undefined) return found;
    const symbols = Uint32Array.from(matrix.keys()).filter((sent) => matrix[sent][received] > 0);
    const logProbabilities = Float64Array.from(symbols, (sent) => Math.log(matrix[sent][received]));
    const causes = { symbols, logProbabilities };
    known.set(received, causes);
    return causes;
  };
}

/** `[B, size]` the prior's log probabilities after each hypothesis. */
function logProbabilities(
  prior: LanguagePrior,
  hypotheses: readonly Hypothesis[],
): ArrayLike<number> {
  if (hypotheses.length === 0) return [];
  const rows = prior.logProbabilities(hypotheses.map(({ symbols }) => symbols));
  if (rows.length !== hypotheses.length * prior.size) {
    throw new RangeError(
      `beamDecode: the prior must answer ${hypotheses.length} contexts with ${prior.size} values each; got ${rows.length} values`,
    );
  }
  return rows;
}

/** Adds the log probability of the end after each hypothesis, and sorts them again. */
function withEnd(
  beams: readonly (readonly Hypothesis[])[],
  prior: LanguagePrior,
  end: number,
): Hypothesis[][] {
  const rows = logProbabilities(prior, beams.flat());
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

/** @throws RangeError unless the prior has as many symbols as the channel has inputs */
function checkSizes(channel: Channel, prior: LanguagePrior): void {
  if (prior.size !== channel.inputs) {
    throw new RangeError(
      `beamDecode: the prior must have the channel's ${channel.inputs} inputs; got ${prior.size} symbols`,
    );
  }
}

/** The few highest scores of many, highest first; among equal ones the earliest. */
class Best<T> {
  readonly #items: { readonly score: number; readonly item: T }[] = [];
  readonly #most: number;

  /** @param most - the number kept, from 1 on */
  constructor(most: number) {
    this.#most = most;
  }

  get items(): readonly { readonly score: number; readonly item: T }[] {
    return this.#items;
  }

  /** What a score must exceed to be kept: -Infinity while there is room. */
  get least(): number {
    return this.#items.length < this.#most ? -Infinity : this.#items[this.#most - 1].score;
  }

  add(score: number, item: T): void {
    let position = this.#items.length;
    while (position > 0 && this.#items[position - 1].score < score) position--;
    this.#items.splice(position, 0, { score, item });
    if (this.#items.length > this.#most) this.#items.pop();
  }
}

/**
 * The likeliest symbol at each position, weighting the hypotheses by `exp(score)`: this minimizes the expected number
 * of wrong symbols, where the likeliest sequence has the best chance to be entirely right. The result need not be one
 * of the hypotheses.
 *
 * Source: Bahl, Cocke, Jelinek and Raviv (1974), "Optimal Decoding of Linear Codes for Minimizing Symbol Error Rate",
 * whose sum over all sequences is approximated by the beam.
 *
 * @param hypotheses - of one sequence, as `beamDecode` gives them
 * @returns `[n]` symbols; none if there is no hypothesis
 */
export function likeliestSymbols(hypotheses: readonly Hypothesis[]): number[] {
  if (hypotheses.length === 0) return [];
  const highest = largest(hypotheses.map(({ score }) => score));
  return hypotheses[0].symbols.map((_, position) => {
    const votes = new Map<number, number>();
    let likeliest = hypotheses[0].symbols[position];
    for (const { symbols, score } of hypotheses) {
      const symbol = symbols[position];
      votes.set(symbol, (votes.get(symbol) ?? 0) + Math.exp(score - highest));
      if ((votes.get(symbol) ?? 0) > (votes.get(likeliest) ?? 0)) likeliest = symbol;
    }
    return likeliest;
  });
}
