import { downsample } from '../downsample.js';
import { escapeText } from '../escape.js';
import { short } from '../plot/numbers.js';
import { marksOf, place, type Scale, spread } from '../plot/scale.js';
import type { RunData, Statistics } from '../run-data.js';
import { html, Html, type Content } from './html.js';

/** Parameters that are drawn; more are too many to be looked at. */
const MOST = 12;

const [WIDTH, HEIGHT] = [300, 150];

/** How parameters and their gradients are distributed over the steps, where that was recorded at two steps or more. */
export function distributions({ statistics }: RunData): Content {
  return html`${group(statistics, 'values', 'Parameters over steps')}${group(
    statistics,
    'gradient',
    'Gradients over steps',
  )}`;
}

function group(
  statistics: readonly Statistics[],
  kind: 'values' | 'gradient',
  title: string,
): Content {
  const names = Object.keys(statistics.at(-1)?.parameters ?? {});
  const all = names.flatMap((name) => {
    const rows = statistics.flatMap(({ step, parameters }) => {
      const quantiles = parameters[name]?.quantiles?.[kind];
      return quantiles === undefined ? [] : [{ step, quantiles }];
    });
    return rows.length < 2 ? [] : [{ name, rows }];
  });
  if (all.length === 0) return '';
  const chosen = downsample(all, MOST);
  const some = all.length > chosen.length ? ` ${chosen.length} of ${all.length} are drawn.` : '';
  return html`<section>
    <h2>${title}</h2>
    <p class="note">
      The median, the middle half, nine tenths and all of the values, the darker the nearer to the
      median.${some}
    </p>
    <div class="small-plots">${chosen.map(({ name, rows }) => plot(name, rows))}</div>
  </section>`;
}

interface Row {
  readonly step: number;
  /** As {@link quantilesOf} gives them. */
  readonly quantiles: readonly number[];
}

/** Which quantiles bound a band, and how strong it is. */
const BANDS = [
  [0, 6, 0.14],
  [1, 5, 0.22],
  [2, 4, 0.36],
] as const;

function plot(name: string, rows: readonly Row[]): Html {
  const lows = rows.map(({ quantiles }) => quantiles[0]);
  const highs = rows.map(({ quantiles }) => quantiles[6]);
  const low = lows.reduce((a, b) => Math.min(a, b));
  const high = highs.reduce((a, b) => Math.max(a, b));
  const y: Scale = { isLog: false, domain: spread([low, high], false), range: [HEIGHT - 20, 6] };
  const steps = spread([rows[0].step, rows[rows.length - 1].step], false);
  const x: Scale = { isLog: false, domain: steps, range: [46, WIDTH - 8] };
  const line = (quantile: number): string[] =>
    rows.map(
      ({ step, quantiles }) =>
        `${place(x, step).toFixed(1)},${place(y, quantiles[quantile]).toFixed(1)}`,
    );
  const bands = BANDS.map(
    ([from, to, opacity]) =>
      `<path d="M${[...line(from), ...line(to).toReversed()].join('L')}Z" fill="var(--c1)" opacity="${opacity}"/>`,
  );
  const labels = marksOf(y).map((value) => {
    const at = place(y, value).toFixed(1);
    return `<line x1="46" x2="${WIDTH - 8}" y1="${at}" y2="${at}" stroke="var(--line)"/><text x="40" y="${at}" dy="0.35em" text-anchor="end" font-size="10" fill="var(--muted)">${short(value)}</text>`;
  });
  const ends = steps.map(
    (step, i) =>
      `<text x="${place(x, step).toFixed(1)}" y="${HEIGHT - 4}" text-anchor="${i === 0 ? 'start' : 'end'}" font-size="10" fill="var(--muted)">${short(Math.round(step))}</text>`,
  );
  const median = `<path d="M${line(3).join('L')}" fill="none" stroke="var(--c1)" stroke-width="1.8"/>`;
  return html`<figure>
    <figcaption>${name}</figcaption>
    ${new Html(
      `<svg role="img" aria-label="${escapeText(name)}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${labels.join('')}${bands.join('')}${median}${ends.join('')}</svg>`,
    )}
  </figure>`;
}
