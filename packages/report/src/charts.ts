import { downsample } from './downsample.js';
import { escapeText } from './escape.js';

/** Width and height of a chart in CSS pixels. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** Every chart has the page's colours and fonts, so that dark mode changes them too. */
const CONFIG = {
  background: null,
  font: 'inherit',
  view: { stroke: null },
  axis: {
    domain: false,
    ticks: false,
    gridColor: 'var(--line)',
    labelColor: 'var(--muted)',
    labelFontSize: 11,
    labelPadding: 6,
    tickCount: 5,
    title: null,
    titleColor: 'var(--muted)',
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titleLimit: 240,
    titlePadding: 6,
  },
  header: { labelColor: 'var(--muted)', labelFontSize: 12, titleColor: 'var(--muted)' },
  legend: {
    title: null,
    orient: 'top',
    direction: 'horizontal',
    labelColor: 'var(--muted)',
    labelFontSize: 12,
    labelLimit: 240,
    symbolOpacity: 1,
    symbolType: 'stroke',
    symbolStrokeWidth: 3,
  },
} as const;

/**
 * Draws a chart as an SVG element, without script and without colours of its own.
 *
 * @param spec - a Vega-Lite specification without configuration
 * @param size - of the whole; none for a specification that has one itself
 * @param label - for screen readers
 */
export async function drawChart(
  spec: object,
  size: ChartSize | undefined,
  label: string,
): Promise<string> {
  const { compile, parse, View } = await import('#vega');
  const autosize = { type: size === undefined ? 'pad' : 'fit', contains: 'padding' };
  const { spec: compiled } = compile({ ...size, autosize, padding: 2, config: CONFIG, ...spec });
  const view = new View(parse(compiled), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  const viewBox = /^<svg[^>]* viewBox="([-\d. ]*)"/.exec(svg)?.[1] ?? '0 0 0 0';
  // Attributes for Vega's own script, and for screen readers of each mark; one label replaces them.
  const marks = svg
    .replace(/^<svg[^>]*>/, '')
    .replaceAll(/ (?:role|class|pointer-events|aria-[a-z]+)="[^"]*"/g, '');
  return `<svg role="img" aria-label="${escapeText(label)}" viewBox="${viewBox}">${marks}`;
}

/** A line of a chart. */
export interface Series {
  readonly name: string;
  /** A CSS colour, `var(--c1)`. */
  readonly colour: string;
  readonly points: readonly Point[];
  /** Default: `line`; `faint` is for noisy values, `dotted` shows each point. */
  readonly style?: 'line' | 'faint' | 'dotted';
}

/** A value at a step. */
export interface Point {
  readonly step: number;
  readonly value: number;
}

/** The scale of the vertical axis. */
export type ValueScale = 'linear' | 'fromZero' | 'log';

/** What {@link lineChart} draws. */
export interface LineChart {
  readonly label: string;
  readonly series: readonly Series[];
  readonly scale: ValueScale;
  /** The format of values, in d3's notation; default: `~r`. */
  readonly format?: string;
  /** What stands along the axes; default: nothing. */
  readonly titles?: { readonly x?: string; readonly y?: string };
  /** Whether the names of the series stand above the chart; default: false. */
  readonly legend?: boolean;
}

/** Points of a line; more can't be distinguished. */
const MOST_POINTS = 400;

/** d3 gives every label of an axis the same unit, `0k` included. */
export const PLAIN_ZERO = { labelExpr: "datum.value === 0 ? '0' : datum.label" } as const;

/** Dots of a line; more would overlap. */
const MOST_DOTS = 25;

/** Values over steps, one line per series. */
export function lineChart(chart: LineChart, size: ChartSize): Promise<string> {
  const { titles = {} } = chart;
  const axis = {
    grid: false,
    format: '~s',
    ...PLAIN_ZERO,
    domain: true,
    domainColor: 'var(--line)',
  };
  const x = {
    field: 'step',
    type: 'quantitative',
    title: titles.x ?? null,
    axis,
    scale: { nice: false },
  };
  const y = { field: 'value', type: 'quantitative', title: titles.y ?? null, ...valueAxis(chart) };
  const names = chart.series.map(({ name }) => name);
  const legend = { columns: legendColumns(names, size.width) };
  const layer = chart.series.map((one) => ({
    data: { values: downsample(finite(one), MOST_POINTS) },
    mark: markOf(one),
    encoding: {
      x,
      y,
      ...(chart.legend === true && { color: { ...named(chart.series, one.name), legend } }),
    },
  }));
  return drawChart({ layer }, size, chart.label);
}

/** Pixels of a legend's entry beside its name, and of a letter as Vega estimates it. */
const ENTRY = 40;
const LETTER = 0.8 * CONFIG.legend.labelFontSize;

/** In how many columns names stand above a chart without running out of it; each column is as wide as its longest name. */
export function legendColumns(names: readonly string[], width: number): number {
  const widths = names.map(
    (name) => Math.min(CONFIG.legend.labelLimit, LETTER * name.length) + ENTRY,
  );
  for (let columns = names.length; columns > 1; columns--) {
    const widest = Array.from({ length: columns }, () => 0);
    widths.forEach((entry, i) => {
      widest[i % columns] = Math.max(widest[i % columns], entry);
    });
    if (widest.reduce((sum, entry) => sum + entry, 0) <= width) return columns;
  }
  return 1;
}

/** A colour by name, so that all of them get a legend together. */
function named(series: readonly Series[], name: string): object {
  const domain = series.map((one) => one.name);
  return { datum: name, scale: { domain, range: series.map((one) => one.colour) } };
}

/** A logarithmic scale, where requested and every value is above 0, has marks at 1, 2 and 5 times the powers of ten. */
function valueAxis({ series, scale, format = '~r' }: LineChart): object {
  let [low, high] = [Infinity, -Infinity];
  for (const { value } of series.flatMap(finite)) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (scale !== 'log' || low <= 0) {
    return { axis: { format, ...PLAIN_ZERO }, scale: { zero: scale !== 'linear', nice: true } };
  }
  const marks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const digit of [1, 2, 5]) marks.push(Number(`${digit}e${power}`));
  }
  return {
    axis: { format: '~g', values: marks, tickCount: marks.length },
    scale: { type: 'log', nice: false },
  };
}

function finite({ points }: Series): Point[] {
  return points.filter(({ value }) => Number.isFinite(value));
}

function markOf(one: Series): object {
  const { colour, style = 'line' } = one;
  const count = finite(one).length;
  // A single point makes no line.
  const hasDots = count === 1 || (style === 'dotted' && count <= MOST_DOTS);
  const dots = { color: colour, filled: true, size: 26, opacity: 1 };
  return {
    type: 'line',
    color: colour,
    strokeWidth: style === 'faint' ? 1.2 : 2,
    opacity: style === 'faint' ? 0.35 : 1,
    strokeJoin: 'round',
    ...(hasDots && { point: dots }),
  };
}
