import type { Importance } from '../compare/importance.js';
import { html, Html, whole, type Content } from './html.js';

/** Settings that are drawn. */
const MOST = 12;

/** How much each setting matters, as bars; nothing where too few runs say something. */
export function importanceOf(importance: Importance | undefined): Content {
  if (importance === undefined) return '';
  const { settings, together, explained, runs } = importance;
  const rows = [
    ...settings.slice(0, MOST),
    ...(settings.length > 1 ? [{ name: 'settings together', share: together }] : []),
  ];
  const doubt = explained < 0.3 ? ' That is little: the shares say hardly anything.' : '';
  return html`<section>
    <h2>What matters</h2>
    <p class="note">
      The share of the differences between ${whole(runs)} runs that each setting explains by itself,
      by regression trees (<abbr
        title="functional analysis of variance: Hutter, Hoos and Leyton-Brown, 2014"
        >fANOVA</abbr
      >). The trees tell runs that they haven’t seen with R² = ${explained.toFixed(2)}.${doubt}
    </p>
    <table class="bars">
      ${rows.map(
        ({ name, share }) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>
              <i style="width:${new Html((100 * Math.min(Math.max(share, 0), 1)).toFixed(1))}%"></i>
            </td>
            <td>${percent(share)}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
