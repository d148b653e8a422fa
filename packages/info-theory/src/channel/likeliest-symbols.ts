import type { Hypothesis } from './beam-decode.js';

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
