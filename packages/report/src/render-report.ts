import { type Importance, importanceOfSettings } from './compare/importance.js';
import type { Objective } from './compare/measure.js';
import { type RunTable, tableOfRuns } from './compare/run-table.js';
import { curves, lossesOfRun, lossesOfRuns } from './page/curves.js';
import { distributions } from './page/distributions.js';
import { embeddings } from './page/embeddings.js';
import { figure } from './page/figure.js';
import { histograms } from './page/histograms.js';
import { html, type Html } from './page/html.js';
import { importanceOf } from './page/importance.js';
import { originOfRun, originOfRuns } from './page/origin.js';
import { page } from './page/page.js';
import { parallelCoordinates } from './page/parallel.js';
import { ranked, stylesOf } from './page/run-lines.js';
import { bestRun, runsTable } from './page/runs-table.js';
import { samplesOfRun, samplesOfRuns } from './page/samples.js';
import { settingsOfRun } from './page/settings.js';
import { tiles } from './page/summary.js';
import type { RunData } from './run-data.js';

/** What {@link renderReport} compares runs by. */
export interface RenderReportOptions {
  /** Default: the validation loss; the training's, where no run has one. */
  readonly objective?: Objective | undefined;
}

/** Runs that a page can show; a browser is slow with more. */
const MOST_RUNS = 1000;

/**
 * One run as a page, or several compared: curves, samples, histograms, embeddings, settings. The page is one file; its plots
 * answer to pointer and keyboard by a script in it, without which it is whole too. It loads nothing, and follows the reader's choice of light or dark.
 *
 * @param runs - by `readRun`, at least one and at most 1,000
 * @returns an HTML document
 * @throws RangeError when there are none, or too many
 */
export async function renderReport(
  runs: readonly RunData[],
  options: RenderReportOptions = {},
): Promise<string> {
  if (runs.length === 0) {
    throw new RangeError('renderReport: there must be at least one run; got none');
  }
  if (runs.length > MOST_RUNS) {
    throw new RangeError(
      `renderReport: there must be at most ${MOST_RUNS} runs; got ${runs.length}; compare fewer`,
    );
  }
  const [run] = runs;
  return runs.length === 1
    ? page(run.name, await single(run))
    : page('Runs compared', await several(runs, options));
}

async function single(run: RunData): Promise<Html> {
  return html`<header>
      <h1>${run.name}</h1>
      <p>${subtitle(run)}</p>
    </header>
    ${tiles(run)} ${figure(lossesOfRun(run), 'whole')} ${curves([run], [{ colour: 'var(--c1)' }])}
    ${await histograms(run)} ${distributions(run)} ${samplesOfRun(run)}
    <div class="split">${await embeddings([run])}${settingsOfRun(run)}${originOfRun(run)}</div>`;
}

/** Runs whose embeddings are drawn; more are too many to be looked at. */
const MOST_EMBEDDINGS = 4;

async function several(runs: readonly RunData[], options: RenderReportOptions): Promise<Html> {
  const table = tableOfRuns(runs, options);
  const importance = importanceOfSettings(table);
  const order = byImportance(table, importance);
  const styles = stylesOf(table);
  const drawn = runs.length > MOST_EMBEDDINGS ? [] : await embeddings(runs);
  return html`<header><h1>${runs.length} runs compared</h1></header>
    ${bestRun(table, order)} ${figure(lossesOfRuns(runs, table, styles), 'whole')}
    ${runsTable(table, order, styles)} ${parallelCoordinates(table, order)}
    ${importanceOf(importance)} ${curves(runs, styles)}
    ${samplesOfRuns(runs, styles, ranked(table))}
    <div class="split">${drawn}</div>
    ${originOfRuns(runs)}`;
}

/** The settings in which runs differ, those that matter first. */
function byImportance({ settings }: RunTable, importance: Importance | undefined): string[] {
  const known = importance?.settings.map(({ name }) => name) ?? [];
  return [...known, ...settings.filter((name) => !known.includes(name))];
}

/** Such as `mlp · on names · seed 101 · 2026-01-02`, as far as known. */
function subtitle({ config: { model, data, seed }, origin }: RunData): string {
  const parts = [
    typeof model === 'string' ? model : '',
    typeof data === 'string' ? `on ${data}` : '',
    typeof seed === 'number' ? `seed ${seed}` : '',
    origin?.sessions.at(0)?.startedAt?.slice(0, 10) ?? '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
