import { downsample } from '../downsample.js';
import type { RunData } from '../run-data.js';
import { colour } from '../pictures/picture.js';
import { html, whole, type Content } from './html.js';

/** At most this many draws of a run are shown. */
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

/** What several runs drew last. */
export function samplesOfRuns(runs: readonly RunData[]): Content {
  if (runs.every(({ samples }) => samples.length === 0)) return '';
  return html`<section>
    <h2>Samples at the end</h2>
    <div class="names">
      ${runs.map(({ name, samples }, i) =>
        row(
          html`<span class="dot" style="--c:${colour(i)};display:inline"></span>${name}`,
          samples.at(-1)?.texts ?? [],
        ),
      )}
    </div>
  </section>`;
}

function row(head: Content, texts: readonly string[]): Content {
  return html`<div><b>${head}</b><span>${texts.map((text) => html`<i>${text}</i>`)}</span></div>`;
}
