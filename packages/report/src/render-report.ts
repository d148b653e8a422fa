import { curves, lossesOfRun, lossesOfRuns } from './page/curves.js';
import { embeddings } from './page/embeddings.js';
import { figure, WHOLE } from './page/figure.js';
import { histograms } from './page/histograms.js';
import { html, type Html } from './page/html.js';
import { samplesOfRun, samplesOfRuns } from './page/samples.js';
import { page } from './page/page.js';
import { differences, settingsOfRun } from './page/settings.js';
import { comparison, tiles } from './page/summary.js';
import type { RunData } from './run-data.js';

/**
 * One run as a page, or several compared: curves, samples, embeddings, configuration. The page is
 * self-contained, has no script, and follows the reader's choice of light or dark.
 *
 * @param runs - by `readRun`, at least one
 * @returns an HTML document
 * @throws RangeError when there are no runs
 */
export async function renderReport(runs: readonly RunData[]): Promise<string> {
  if (runs.length === 0) {
    throw new RangeError('renderReport: there must be at least one run; got none');
  }
  const [run] = runs;
  return runs.length === 1
    ? page(run.name, await single(run))
    : page('Runs compared', await several(runs));
}

async function single(run: RunData): Promise<Html> {
  const { name, config } = run;
  return html`<header>
      <h1>${name}</h1>
      <p>${subtitle(config)}</p>
    </header>
    ${tiles(run)} ${await figure(lossesOfRun(run), WHOLE)} ${await curves([run])}
    ${await histograms(run)} ${samplesOfRun(run)}
    <div class="split">${await embeddings([run])}${settingsOfRun(run)}</div>`;
}

async function several(runs: readonly RunData[]): Promise<Html> {
  return html`<header><h1>${runs.length} runs compared</h1></header>
    ${comparison(runs)} ${await figure(lossesOfRuns(runs), WHOLE)} ${await curves(runs)}
    ${samplesOfRuns(runs)} ${differences(runs)}
    <div class="split">${await embeddings(runs)}</div>`;
}

/** Such as `mlp · on names · seed 101`, as far as known. */
function subtitle({ model, data, seed }: RunData['config']): string {
  const parts = [
    typeof model === 'string' ? model : '',
    typeof data === 'string' ? `on ${data}` : '',
    typeof seed === 'number' ? `seed ${seed}` : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
