import { bestOf, recentMeans, VALIDATION_LOSS } from '../compare/measure.js';
import { medianRate } from '../compare/run-table.js';
import type { RunData } from '../run-data.js';
import { duration, html, loss, whole, type Html } from './html.js';

/** The most important figures of one run. */
export function tiles(run: RunData): Html {
  const { metrics, config } = run;
  const last = metrics.at(-1);
  const best = bestOf(metrics, VALIDATION_LOSS);
  const rate = medianRate(metrics);
  const planned = config['maxSteps'];
  const times = run.origin?.sessions.flatMap(({ durationMs }) => durationMs ?? []) ?? [];
  const recent = recentMeans(metrics).at(-1)?.value;
  return html`<dl class="tiles">
    ${tile('Validation loss', loss(best?.value), best === undefined ? 'not measured' : `the lowest, at step ${whole(best.step)}`)}
    ${best === undefined ? '' : tile('Bits a token', (best.value / Math.LN2).toFixed(3), `perplexity ${Math.exp(best.value).toFixed(2)}`)}
    ${tile('Training loss', loss(recent), `last steps; ${loss(last?.trainLoss)} in all`)}
    ${tile('Steps', whole(last?.step ?? 0), typeof planned === 'number' ? `of ${whole(planned)}` : '')}
    ${rate === undefined ? '' : tile('Steps a second', whole(rate), 'median')}
    ${times.length === 0 ? '' : tile('Time', duration(times.reduce((sum, ms) => sum + ms, 0)), 'in all')}
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
