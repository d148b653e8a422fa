import type { MetricsRow, RunData } from '../run-data.js';
import { colour } from '../pictures/picture.js';
import { html, loss, setting, whole, type Content, type Html } from './html.js';

/** The row with the lowest validation loss. */
function bestOf(metrics: readonly MetricsRow[]): MetricsRow | undefined {
  const validated = metrics.filter(({ valLoss }) => valLoss !== undefined);
  return validated.reduce<MetricsRow | undefined>(
    (best, row) =>
      best?.valLoss !== undefined && best.valLoss <= (row.valLoss ?? NaN) ? best : row,
    undefined,
  );
}

function rateOf(metrics: readonly MetricsRow[]): number | undefined {
  const rates = metrics.flatMap(({ stepsPerSecond }) => stepsPerSecond ?? []).sort((a, b) => a - b);
  return rates.at(Math.floor(rates.length / 2));
}

const stepsOf = ({ metrics }: RunData): number => metrics.at(-1)?.step ?? 0;

/** The most important figures of one run. */
export function tiles(run: RunData): Html {
  const { metrics, config } = run;
  const last = metrics.at(-1);
  const best = bestOf(metrics);
  const rate = rateOf(metrics);
  const planned = config['maxSteps'];
  return html`<dl class="tiles">
    ${tile('Validation loss', loss(best?.valLoss), best === undefined ? 'not measured' : `the lowest, at step ${whole(best.step)}`)}
    ${best?.valLoss === undefined ? '' : tile('Bits a token', (best.valLoss / Math.LN2).toFixed(3), `perplexity ${Math.exp(best.valLoss).toFixed(2)}`)}
    ${tile('Training loss', loss(last?.trainLoss), 'mean of all batches')}
    ${tile('Steps', whole(stepsOf(run)), typeof planned === 'number' ? `of ${whole(planned)}` : '')}
    ${rate === undefined ? '' : tile('Steps a second', whole(rate), 'median')}
    ${run.model === undefined ? '' : tile('Parameters', whole(run.model.parameterCount), '')}
    ${run.weightsSha256 === undefined ? '' : tile('Weights', run.weightsSha256.slice(0, 8), 'of their SHA-256')}
  </dl>`;
}

function tile(name: string, value: string, note: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}<small>${note}</small></dd>
  </div>`;
}

/** The same figures of several runs, one row each. */
export function comparison(runs: readonly RunData[]): Html {
  const heads = [
    'Run',
    'Model',
    'Validation loss',
    'at step',
    'Training loss',
    'Steps',
    'Steps a second',
  ];
  const rows = runs.map((run, i): Content => {
    const best = bestOf(run.metrics);
    const rate = rateOf(run.metrics);
    const cells = [
      setting(run.config['model']),
      loss(best?.valLoss),
      best === undefined ? '–' : whole(best.step),
      loss(run.metrics.at(-1)?.trainLoss),
      whole(stepsOf(run)),
      rate === undefined ? '–' : whole(rate),
    ];
    return html`<tr>
      <td><span class="dot" style="--c:${colour(i)}"></span>${run.name}</td>
      ${cells.map((cell) => html`<td>${cell}</td>`)}
    </tr>`;
  });
  return html`<section class="scroll">
    <table>
      <tr>
        ${heads.map((head) => html`<th>${head}</th>`)}
      </tr>
      ${rows}
    </table>
  </section>`;
}
