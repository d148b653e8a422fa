import type { RunTable } from '../compare/run-table.js';
import { textOf } from '../compare/settings.js';
import { naturalOrder } from '../compare/natural-order.js';
import { escapeText } from '../escape.js';
import { short } from '../plot/numbers.js';
import { marksOf, place, type Scale, spread } from '../plot/scale.js';
import { html, Html, loss, type Content } from './html.js';
import { ranked } from './run-lines.js';
import { nameOfObjective } from './runs-table.js';

/** Runs that are drawn, the best; and axes, on a wide screen and on a phone. */
const MOST = { runs: 300, wide: 8, narrow: 3 } as const;

const [TOP, BOTTOM] = [34, 22];

/** Each run as a line across its settings to what it reached; nothing for one setting or too few runs. */
export function parallelCoordinates(table: RunTable, order: readonly string[]): Content {
  const runs = ranked(table).slice(0, MOST.runs);
  const settings = order.filter(
    (name) => new Set(runs.map((i) => textOf(table.rows[i].settings[name]))).size > 1,
  );
  if (runs.length < 4 || settings.length < 1) return '';
  const draw = (most: number, size: readonly [number, number]): Html =>
    drawing(table, { runs, settings: settings.slice(0, most), size });
  return html`<section class="figure">
    <h2>From settings to ${nameOfObjective(table.objective).toLowerCase()}</h2>
    <p class="note">
      A line for each run, the stronger the better it is; the best one is orange. Point at a line
      for its name.
    </p>
    <div class="narrow parallel">${draw(MOST.narrow, [340, 260])}</div>
    <div class="wide parallel">${draw(MOST.wide, [1050, 340])}</div>
  </section>`;
}

interface Axis {
  readonly name: string;
  readonly x: number;
  /** Where a run is on it; undefined where it has no value. */
  readonly at: (run: number) => number | undefined;
  readonly ticks: readonly { readonly y: number; readonly text: string }[];
}

function drawing(
  table: RunTable,
  {
    runs,
    settings,
    size: [width, height],
  }: {
    readonly runs: readonly number[];
    readonly settings: readonly string[];
    readonly size: readonly [number, number];
  },
): Html {
  const { rows, objective } = table;
  const bottom = height - BOTTOM;
  const [left, right] = [56, width - 60];
  const step = (right - left) / settings.length;
  const axes: Axis[] = settings.map((name, i) => ({
    name,
    x: left + i * step,
    ...axisOf(
      runs,
      (run) => (Object.hasOwn(rows[run].settings, name) ? rows[run].settings[name] : undefined),
      bottom,
    ),
  }));
  const reached = axisOf(runs, (run) => rows[run].value, bottom);
  axes.push({ name: nameOfObjective(objective), x: right, ...reached });
  const paths = runs.toReversed().map((run, i) => {
    const rank = runs.length - 1 - i;
    const points = axes.flatMap(({ x, at }) => {
      const y = at(run);
      return y === undefined ? [] : [[x, y] as const];
    });
    const said = `${rows[run].name}: ${loss(rows[run].value)}; ${settings.map((name) => `${name} ${textOf(rows[run].settings[name])}`).join(', ')}`;
    return pathOf(points, { isBest: rank === 0, strength: 1 - rank / runs.length, said });
  });
  const label = `${rows.length} runs: ${axes.map(({ name }) => name).join(', ')}`;
  return new Html(
    `<svg role="img" aria-label="${escapeText(label)}" viewBox="0 0 ${width} ${height}">${paths.join('')}${axes.map((axis, i) => markup(axis, { bottom, isLast: i === axes.length - 1 })).join('')}</svg>`,
  );
}

function pathOf(
  points: readonly (readonly [number, number])[],
  {
    isBest,
    strength,
    said,
  }: { readonly isBest: boolean; readonly strength: number; readonly said: string },
): string {
  const d = points.map(([x, y], i) => {
    if (i === 0) return `M${x.toFixed(1)},${y.toFixed(1)}`;
    const [px, py] = points[i - 1];
    const middle = ((px + x) / 2).toFixed(1); // a curve, so that lines which meet on an axis can be followed
    return `C${middle},${py.toFixed(1)} ${middle},${y.toFixed(1)} ${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const look = isBest
    ? 'stroke="var(--c2)" stroke-width="3.5"'
    : `stroke="var(--c1)" stroke-width="1.6" opacity="${(0.12 + 0.7 * strength ** 2).toFixed(2)}"`;
  return `<path d="${d.join('')}" fill="none" ${look}><title>${escapeText(said.slice(0, 500))}</title></path>`;
}

function markup(
  { name, x, ticks }: Axis,
  { bottom, isLast }: { readonly bottom: number; readonly isLast: boolean },
): string {
  const side = isLast ? 1 : -1;
  const head = name.length > 18 ? `${name.slice(0, 17)}…` : name;
  const halo = 'stroke="var(--card)" stroke-width="3" paint-order="stroke"';
  const labels = ticks.map(
    ({ y, text }) =>
      `<text x="${(x + 7 * side).toFixed(1)}" y="${y.toFixed(1)}" dy="0.35em" text-anchor="${isLast ? 'start' : 'end'}" font-size="11" fill="var(--muted)" ${halo}>${escapeText(text)}</text><line x1="${(x + 4 * side).toFixed(1)}" x2="${x.toFixed(1)}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="var(--muted)"/>`,
  );
  return `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${TOP}" y2="${bottom}" stroke="var(--muted)"/><text x="${x.toFixed(1)}" y="16" text-anchor="middle" font-size="12" font-weight="600" fill="var(--ink)">${escapeText(head)}</text>${labels.join('')}`;
}

/** Values above 0 whose largest is that many times their smallest are on a logarithmic axis. */
const LOG_FROM = 20;

/** Values of an axis with a tick each; of more, some round ones have one. */
const MOST_TICKS = 8;

/** An axis of numbers, or of names at equal distances. */
function axisOf(
  runs: readonly number[],
  valueOf: (run: number) => unknown,
  bottom: number,
): Pick<Axis, 'at' | 'ticks'> {
  const values = runs.map(valueOf);
  const numbers = values.filter(
    (value): value is number => typeof value === 'number' && Number.isFinite(value),
  );
  const isMissing = values.includes(undefined);
  const isNumeric =
    numbers.length > 0 &&
    values.every((value) => value === undefined || numbers.includes(Number(value)));
  if (!isNumeric) return namesOn(values, valueOf, bottom);
  const [low, high] = [
    numbers.reduce((a, b) => Math.min(a, b)),
    numbers.reduce((a, b) => Math.max(a, b)),
  ];
  const isLog = low > 0 && high / low >= LOG_FROM;
  const range = [bottom - (isMissing ? 26 : 6), TOP + 6] as const;
  const scale: Scale = { isLog, domain: spread([low, high], isLog), range };
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const marked = distinct.length <= MOST_TICKS ? distinct : marksOf(scale);
  const ticks = marked.map((value) => ({
    y: place(scale, value),
    text: short(Number(value.toPrecision(4))),
  }));
  return {
    at(run) {
      const value = valueOf(run);
      return typeof value === 'number' ? place(scale, value) : bottom - 4;
    },
    ticks: isMissing ? [...ticks, { y: bottom - 4, text: '–' }] : ticks,
  };
}

function namesOn(
  values: readonly unknown[],
  valueOf: (run: number) => unknown,
  bottom: number,
): Pick<Axis, 'at' | 'ticks'> {
  const names = [...new Set(values.map(textOf))].sort(naturalOrder);
  const gap = (bottom - TOP - 12) / Math.max(names.length - 1, 1);
  const y = (name: string): number =>
    names.length === 1 ? (TOP + bottom) / 2 : bottom - 6 - gap * names.indexOf(name);
  const every = Math.ceil(names.length / 16);
  const shown = names.filter((_, i) => i % every === 0);
  return {
    at: (run) => y(textOf(valueOf(run))),
    ticks: shown.map((name) => ({
      y: y(name),
      text: name.length > 14 ? `${name.slice(0, 13)}…` : name,
    })),
  };
}
