import type { ChartSize } from '../charts.js';
import { Html, html, type Content } from '../page/html.js';
import { page } from '../page/page.js';
import { drawLogLog, logLogChart } from '../pictures/log-log-chart.js';
import { type NotedChart, scalingCharts } from './charts.js';
import { short } from './groups.js';
import type { Figures, ScalingReport } from './scaling-report.js';

/** Sizes of a chart on a phone and in half a page; legends of several lines take room. */
const NARROW: ChartSize = { width: 340, height: 280 };
const WIDE: ChartSize = { width: 510, height: 340 };

/** Runs that a table lists; all are in the charts. */
const MOST_ROWS = 200;

/**
 * A scaling law as a page: charts in log-log axes, the law's numbers and the best sizes for budgets.
 *
 * @returns HTML, self-contained and without script
 */
export async function renderScalingReport(report: ScalingReport): Promise<string> {
  const { title, notes, numbers, slopes, best, runs } = report;
  const charts: Html[] = [];
  for (const chart of scalingCharts(report)) charts.push(await section(chart));
  const content = html`<header>
      <h1>${title}</h1>
      ${notes.map((note) => html`<p>${note}</p>`)}
    </header>
    <div class="charts">${charts}</div>
    <div class="charts">
      ${figuresTable('L = E + A / N^α + B / D^β', numbers)} ${figuresTable('Power laws', slopes)}
    </div>
    ${bestTable(best)} ${runsTable(runs)}`;
  return page(title, content);
}

/** The charts of {@link renderScalingReport} as pictures of their own. */
export async function scalingPictures(
  report: ScalingReport,
): Promise<{ readonly label: string; readonly svg: string }[]> {
  const pictures = [];
  for (const chart of scalingCharts(report))
    pictures.push({ label: chart.label, svg: await logLogChart(chart) });
  return pictures;
}

async function section({ note, ...chart }: NotedChart): Promise<Html> {
  const [narrow, wide] = [await drawLogLog(chart, NARROW), await drawLogLog(chart, WIDE)];
  return html`<section class="figure">
    <h2>${chart.label}</h2>
    <p class="note">${note}</p>
    <div class="narrow">${new Html(narrow)}</div>
    <div class="wide">${new Html(wide)}</div>
  </section>`;
}

function figuresTable(heading: string, rows: readonly Figures[]): Content {
  if (rows.length === 0) return '';
  return html`<section>
    <h2>${heading}</h2>
    <div class="scroll">
      <table>
        ${rows.map(
          ({ name, value, interval = '', fit = '' }) =>
            html`<tr>
              <th>${name}</th>
              <td>${value}</td>
              <td class="muted">${interval}</td>
              <td class="muted">${fit}</td>
            </tr>`,
        )}
      </table>
    </div>
  </section>`;
}

function bestTable(rows: ScalingReport['best']): Content {
  if (rows.length === 0) return '';
  return html`<section>
    <h2>The best sizes for a budget</h2>
    <div class="scroll">
      <table>
        <tr>
          <th>FLOP</th>
          <th>parameters</th>
          <th>tokens</th>
          <th>tokens a parameter</th>
          <th>loss</th>
        </tr>
        ${rows.map(
          ({ flop, parameters, tokens, loss }) =>
            html`<tr>
              <td>${flop.toExponential(1).replace('e+', 'e')}</td>
              <td>${short(parameters)}</td>
              <td>${short(tokens)}</td>
              <td>${short(tokens / parameters)}</td>
              <td>${loss.toFixed(4)}</td>
            </tr>`,
        )}
      </table>
    </div>
  </section>`;
}

function runsTable(runs: ScalingReport['runs']): Content {
  const some = runs.slice(0, MOST_ROWS);
  const more =
    runs.length > some.length ? `; ${runs.length - some.length} more are in the charts` : '';
  return html`<section>
    <h2>Runs</h2>
    <p class="note">${`${runs.length} runs${more}`}</p>
    <div class="scroll">
      <table>
        <tr>
          <th>run</th>
          <th>parameters</th>
          <th>tokens</th>
          <th>FLOP</th>
          <th>loss</th>
        </tr>
        ${some.map(
          ({ name, parameters, tokens, flop, loss }, i) =>
            html`<tr>
              <td>${name ?? String(i + 1)}</td>
              <td>${short(parameters)}</td>
              <td>${short(tokens)}</td>
              <td>${flop.toExponential(2).replace('e+', 'e')}</td>
              <td>${loss.toFixed(4)}</td>
            </tr>`,
        )}
      </table>
    </div>
  </section>`;
}
