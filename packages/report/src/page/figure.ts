import { lineChart, type ChartSize, type LineChart, type Series } from '../charts.js';
import { html, Html, type Content } from './html.js';

/** Sizes at which a chart's text is as large as the page's: a phone's width, the whole page's and half of it. */
const PHONE: ChartSize = { width: 340, height: 230 };
export const WHOLE: ChartSize = { width: 1050, height: 360 };
export const HALF: ChartSize = { width: 510, height: 240 };

/** A chart with a heading. */
export interface Figure extends LineChart {
  /** A sentence below the heading. */
  readonly note?: string;
}

/** A section with a chart, drawn for a phone and for a wide screen. */
export async function figure({ note, ...chart }: Figure, size: ChartSize): Promise<Html> {
  const narrow = await lineChart(chart, PHONE);
  const wide = await lineChart(chart, size);
  return html`<section class="figure">
    ${head(chart, note)}
    <div class="narrow">${new Html(narrow)}</div>
    <div class="wide">${new Html(wide)}</div>
  </section>`;
}

function head({ label, series }: LineChart, note: string | undefined): Html {
  const noted = note === undefined ? '' : html`<p class="note">${note}</p>`;
  return html`<h2>${label}</h2>
    ${noted}${legend(series)}`;
}

/** Empty for a single line, which needs no name. */
function legend(series: readonly Series[]): Content {
  if (series.length < 2) return '';
  return html`<ul class="legend">
    ${series.map(
      ({ name, colour, style }) =>
        html`<li style="--c:${colour}" ${style === 'faint' ? new Html(' class="faint"') : ''}>
          ${name}
        </li>`,
    )}
  </ul>`;
}
