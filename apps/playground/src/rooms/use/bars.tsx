import * as format from '../../format.js';
import { visible } from '../../parts/visible.js';
import { t } from '../../strings/index.js';
import type { NextOutput } from '../../use-requests.js';

/** Tokens that have a bar. */
const MOST_BARS = 12;

type Token = NextOutput['tokens'][number];

/** A token as one reads it: what is blank by its symbol. */
export const nameOf = ({ isEnd, text }: Token): string => (isEnd ? t.use.end : visible(text));

/** What may come next, the likeliest first: a bar for what the model gives it, and one for what it is drawn with. */
export function Bars({
  next: { tokens, entropyBits, step },
}: {
  readonly next: Pick<NextOutput, 'tokens' | 'entropyBits' | 'step'>;
}) {
  const words = t.use.next;
  const shown = tokens.slice(0, MOST_BARS);
  const others = tokens.slice(MOST_BARS);
  const share = others.reduce((sum, { probability }) => sum + probability, 0);
  const most = shown[0]?.probability ?? 1;
  return (
    <div class="bars">
      <table aria-label={words.chart}>
        <thead>
          <tr>
            <th scope="col">{words.token}</th>
            <td />
            <th scope="col">{words.probability}</th>
            <th scope="col">{words.drawn}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((token) => (
            <tr key={token.token}>
              <th scope="row">{nameOf(token)}</th>
              <td aria-hidden="true">
                <div class="bar" style={{ width: `${(100 * token.probability) / most}%` }} />
                <div
                  class="bar drawn"
                  style={{ width: `${Math.min(100, (100 * token.drawn) / most)}%` }}
                />
              </td>
              <td>{format.percent(token.probability)}</td>
              <td>{format.percent(token.drawn)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">
        {others.length > 0 && `${words.others(others.length, format.percent(share))}; `}
        {words.entropy(entropyBits.toFixed(2))} {words.choices((2 ** entropyBits).toFixed(1))};{' '}
        {t.use.atStep(format.whole(step))}
      </p>
    </div>
  );
}
