import type { RunRow, RunTable } from '../compare/run-table.js';
import { textOf } from '../compare/settings.js';
import { swatch } from './figure.js';
import { duration, html, loss, whole, type Content, type Html } from './html.js';
import type { RunStyle } from './run-lines.js';

/** Settings with a column of their own; a table of more can't be read. */
const MOST_COLUMNS = 24;

/** Rows of a table that is shown whole; one of more is scrolled within the page. */
const MOST_ROWS = 24;

/** Characters of a setting in a table. */
const MOST_CHARACTERS = 60;

const OBJECTIVES = new Map([
  ['valLoss', 'Validation loss'],
  ['trainLoss', 'Training loss'],
  ['bitsPerByte', 'Bits a byte'],
  ['bitsPerCharacter', 'Bits a character'],
  ['valAnswerAccuracy', 'Right answers'],
]);

/** What the runs are compared by, in words. */
export function nameOfObjective({ metric }: RunTable['objective']): string {
  return OBJECTIVES.get(metric) ?? metric;
}

/** The best run, and the settings that it doesn't share with all others. */
export function bestRun(table: RunTable, order: readonly string[]): Content {
  const { rows, best, objective } = table;
  if (best === undefined) return '';
  const { name, value, bestStep, settings } = rows[best];
  const own = order.filter((key) => Object.hasOwn(settings, key)).slice(0, MOST_COLUMNS);
  return html`<section class="best-run">
    <p class="muted">The best of ${whole(rows.length)} runs</p>
    <h2>★ ${name}</h2>
    <dl>
      <div>
        <dt>${nameOfObjective(objective)}</dt>
        <dd>${loss(value)}<small>at step ${whole(bestStep ?? 0)}</small></dd>
      </div>
      ${own.map(
        (key) =>
          html`<div>
            <dt>${key}</dt>
            <dd>${shown(settings[key])}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

/**
 * A row for each run, in their order: what it reached, and a column for each setting in which they differ.
 *
 * @param order - the settings in the order of their columns
 */
export function runsTable(
  table: RunTable,
  order: readonly string[],
  styles: readonly RunStyle[],
): Html {
  const { rows, best, objective } = table;
  const settings = order.slice(0, MOST_COLUMNS);
  const hidden = order.length - settings.length;
  const figures = columnsOf(table);
  const heads = [
    'Run',
    nameOfObjective(objective),
    ...figures.map(({ head }) => head),
    ...settings,
  ];
  const body = rows.map((row, i) => {
    const mark = i === best ? html`<b class="star" title="the best">★</b> ` : '';
    return html`<tr data-run="${i}" class="${i === best ? 'best' : ''}">
      <th scope="row" data-value="${row.name}">${swatch(styles[i])}${mark}${row.name}</th>
      <td data-value="${row.value ?? ''}">${loss(row.value)}</td>
      ${figures.map(({ of, show }) => {
        const value = of(row);
        return html`<td data-value="${value ?? ''}">
          ${value === undefined ? '–' : show(value)}
        </td>`;
      })}
      ${settings.map((key) => settingCell(row, key))}
    </tr>`;
  });
  const note =
    settings.length > 0
      ? 'With the settings in which they differ.'
      : 'They have the same settings, data and versions.';
  return html`<section>
    <h2>Runs</h2>
    <p class="note">${note}${hidden > 0 ? ` ${whole(hidden)} more settings differ.` : ''}</p>
    <div class="scroll ${rows.length > MOST_ROWS ? 'tall' : ''}">
      <table data-sortable>
        <thead>
          <tr>
            ${heads.map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${body}
        </tbody>
      </table>
    </div>
  </section>`;
}

function settingCell({ settings }: RunRow, key: string): Html {
  if (!Object.hasOwn(settings, key)) return html`<td data-value="">–</td>`;
  const value = settings[key];
  const text = typeof value === 'number' ? String(value) : shown(value);
  return html`<td data-value="${text}">${text}</td>`;
}

/** A setting as it is written, cut where it is long; of a hash, as many digits as tell it apart. */
function shown(value: unknown): string {
  const text = textOf(value);
  if (/^[0-9a-f]{64}$/.test(text)) return `${text.slice(0, 12)}…`;
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

interface Figure {
  readonly head: string;
  readonly of: (row: RunRow) => string | number | undefined;
  readonly show: (value: string | number) => string;
}

/** Figures that some run has. */
function columnsOf({ rows, objective }: RunTable): Figure[] {
  const isOther = objective.metric !== 'trainLoss';
  const all: Figure[] = [
    { head: 'at step', of: (row) => row.bestStep, show: (value) => whole(Number(value)) },
    ...(isOther
      ? [
          {
            head: 'Training loss',
            of: (row: RunRow) => row.trainLoss,
            show: (value: string | number) => loss(Number(value)),
          },
        ]
      : []),
    { head: 'Steps', of: (row) => row.steps, show: (value) => whole(Number(value)) },
    { head: 'Parameters', of: (row) => row.parameters, show: (value) => whole(Number(value)) },
    { head: 'Time', of: (row) => row.durationMs, show: (value) => duration(Number(value)) },
    // all the same says nothing
    ...(rows.every(({ ended }) => ended === 'finished')
      ? []
      : [{ head: 'Ended', of: (row: RunRow) => row.ended, show: String }]),
  ];
  return all.filter(({ of }) => rows.some((row) => of(row) !== undefined));
}
