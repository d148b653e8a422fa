import { downsample } from '../downsample.js';
import type { RunData } from '../run-data.js';
import { swatch } from './figure.js';
import { html, whole, type Content } from './html.js';
import type { RunStyle } from './run-lines.js';

/** At most this many draws of a run are shown, and the draws of this many runs. */
const MOST_DRAWS = 12;

/** What one run drew, and when. */
export function samplesOfRun({ samples }: RunData): Content {
  if (samples.length === 0) return '';
  return html`<section>
    <h2>Samples by step</h2>
    <p class="note">
      Drawn with the same random numbers each time, so that a column shows one sample as it changes.
    </p>
    <div class="names">
      ${downsample(samples, MOST_DRAWS).map(({ step, texts }) => row(whole(step), texts))}
    </div>
  </section>`;
}

/**
 * What several runs drew last.
 *
 * @param order - the runs, the best first; of many, the best are shown
 */
export function samplesOfRuns(
  runs: readonly RunData[],
  styles: readonly RunStyle[],
  order: readonly number[],
): Content {
  const chosen = runs.length > MOST_DRAWS ? order.slice(0, MOST_DRAWS) : [...runs.keys()];
  const shown = chosen.filter((i) => runs[i].samples.length > 0);
  if (shown.length === 0) return '';
  return html`<section>
    <h2>Samples at the end</h2>
    ${shown.length < runs.length && runs.length > MOST_DRAWS ? html`<p class="note">Of the best runs.</p>` : ''}
    <div class="names of-runs">
      ${shown.map((i) =>
        row(html`${swatch(styles[i])}${runs[i].name}`, runs[i].samples.at(-1)?.texts ?? []),
      )}
    </div>
  </section>`;
}

function row(head: Content, texts: readonly string[]): Content {
  return html`<div><b>${head}</b><span>${texts.map((text) => html`<i>${text}</i>`)}</span></div>`;
}
