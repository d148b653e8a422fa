import type { Signal } from '@preact/signals';
import type { Curve } from './curve.js';
import { Canvas, type ColorName, line, type Pen } from './canvas.js';
import { whole } from '../format.js';
import { type Axis, axisOf, formatNumber, ticksOf } from './axes.js';

/** A curve by step: of buckets, or points of its own. */
export interface Series {
  readonly name: string;
  readonly color: ColorName;
  readonly curve?: Curve;
  readonly points?: readonly (readonly [step: number, value: number])[];
  readonly dashed?: boolean;
  /** Drawn behind others that are clearer. */
  readonly isFaint?: boolean;
}

/** A value that a curve is compared with: a line across, with its name. */
export interface Level {
  readonly name: string;
  readonly value: number;
}

/** Properties of {@link Curves}. */
export interface CurvesProps {
  readonly label: string;
  readonly height: number;
  /** Read within the drawing, so that signals in it have it drawn again. */
  readonly series: () => readonly Series[];
  readonly levels?: () => readonly Level[];
  readonly logSteps: Signal<boolean>;
  /** The step under the pointer in any chart of the page. */
  readonly cursor: Signal<number | undefined>;
  /** Whether it begins at 0. */
  readonly fromZero?: boolean;
}

const MARGIN = { left: 46, right: 24, top: 8, bottom: 22 } as const;

/** Curves over steps, with levels to compare them with. */
export function Curves(props: CurvesProps) {
  const { label, height, cursor } = props;
  let stepAt: ((x: number) => number) | undefined;
  return (
    <Canvas
      label={label}
      height={height}
      draw={(pen) => {
        stepAt = draw(pen, props);
      }}
      onPointer={(x) => {
        const step = x === undefined ? undefined : stepAt?.(x);
        cursor.value = step === undefined ? undefined : Math.round(step);
      }}
    />
  );
}

/** @returns the step at an x */
function draw(pen: Pen, props: CurvesProps): (x: number) => number {
  const { context, width, height, color } = pen;
  const { logSteps, cursor, fromZero = false } = props;
  const series = props.series();
  const levels = props.levels?.() ?? [];
  const x = axisOf([1, lastStep(series)], {
    from: MARGIN.left,
    to: width - MARGIN.right,
    isLog: logSteps.value,
  });
  const y = axisOf(valuesOf(series, levels, fromZero), {
    from: height - MARGIN.bottom,
    to: MARGIN.top,
    isLog: false,
  });
  drawAxes(pen, x, y);
  context.save();
  context.beginPath();
  context.rect(
    MARGIN.left,
    MARGIN.top,
    width - MARGIN.left - MARGIN.right,
    height - MARGIN.top - MARGIN.bottom,
  );
  context.clip();
  for (const one of series) drawSeries(pen, one, x, y);
  context.restore();
  drawLevels(pen, levels, y);
  if (cursor.value !== undefined) {
    const at = x.place(cursor.value);
    context.strokeStyle = color('muted');
    context.lineWidth = 1;
    line(context, [at, MARGIN.top], [at, height - MARGIN.bottom]);
  }
  return (at) => Math.max(1, x.value(at));
}

function lastStep(series: readonly Series[]): number {
  const ends = series.map(({ curve, points = [] }) =>
    Math.max(curve === undefined ? 1 : curve.first + curve.length - 1, points.at(-1)?.[0] ?? 1),
  );
  return Math.max(10, ...ends);
}

/** The least and the most value shown: the first losses of a run don't press the others down. */
function valuesOf(
  series: readonly Series[],
  levels: readonly Level[],
  fromZero: boolean,
): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  const add = (value: number): void => {
    if (!Number.isFinite(value)) return;
    least = Math.min(least, value);
    most = Math.max(most, value);
  };
  for (const { curve, points = [] } of series) {
    for (let i = 0; i < (curve?.buckets ?? 0); i++) add(curve?.at(i).mean ?? NaN);
    for (const [, value] of points) add(value);
  }
  for (const { value } of levels) add(value);
  if (fromZero) add(0);
  if (least > most) return [0, 1];
  const room = (most - least || Math.abs(most) || 1) * 0.04;
  return [fromZero ? least : least - room, most + room];
}

function drawAxes({ context, width, height, color }: Pen, x: Axis, y: Axis): void {
  context.font = '11px system-ui, sans-serif';
  context.lineWidth = 1;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const value of ticksOf(y, 5)) {
    const at = Math.round(y.place(value)) + 0.5;
    context.strokeStyle = color('line');
    line(context, [MARGIN.left, at], [width - MARGIN.right, at]);
    context.fillStyle = color('muted');
    context.fillText(formatNumber(value), MARGIN.left - 6, at);
  }
  context.textBaseline = 'top';
  context.textAlign = 'center';
  for (const value of ticksOf(x, width / 90)) {
    context.fillText(whole(value), x.place(value), height - MARGIN.bottom + 6);
  }
}

function drawSeries(
  { context, color }: Pen,
  { curve, points, ...one }: Series,
  x: Axis,
  y: Axis,
): void {
  context.strokeStyle = color(one.color);
  context.fillStyle = color(one.color);
  context.setLineDash(one.dashed === true ? [5, 4] : []);
  context.lineWidth = 1.5;
  if (curve !== undefined && curve.buckets > 0) {
    const mean = new Path2D();
    // one by one: a path of hundreds of them takes a browser without a graphics card a second to fill
    context.globalAlpha = 0.22;
    forEachPixel(curve, x, (at, { mean: value, least, most }, isFirst) => {
      const top = Math.round(y.place(most));
      context.fillRect(at, top, 1, Math.max(1, Math.round(y.place(least)) - top));
      if (isFirst) mean.moveTo(at, y.place(value));
      else mean.lineTo(at, y.place(value));
    });
    context.globalAlpha = one.isFaint === true ? 0.5 : 1;
    context.stroke(mean);
    context.globalAlpha = 1;
  }
  if (points !== undefined && points.length > 0) {
    const path = new Path2D();
    for (const [i, [step, value]] of points.entries()) {
      const [px, py] = [x.place(Math.max(1, step)), y.place(value)];
      if (i === 0) path.moveTo(px, py);
      else path.lineTo(px, py);
    }
    context.lineWidth = 2;
    context.stroke(path);
    if (points.length < 60) {
      for (const [step, value] of points) {
        context.beginPath();
        context.arc(x.place(Math.max(1, step)), y.place(value), 2.5, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }
  context.setLineDash([]);
}

/** Buckets that fall on one column of pixels are drawn as one. */
function forEachPixel(
  curve: Curve,
  x: Axis,
  visit: (
    at: number,
    bucket: { mean: number; least: number; most: number },
    isFirst: boolean,
  ) => void,
): void {
  let [column, sum, count, least, most] = [NaN, 0, 0, Infinity, -Infinity];
  let isFirst = true;
  const flush = (): void => {
    if (count === 0) return;
    visit(column, { mean: sum / count, least, most }, isFirst);
    isFirst = false;
    [sum, count, least, most] = [0, 0, Infinity, -Infinity];
  };
  for (let i = 0; i < curve.buckets; i++) {
    const bucket = curve.at(i);
    const at = Math.round(x.place((bucket.from + bucket.to) / 2));
    if (at !== column) {
      flush();
      column = at;
    }
    const steps = bucket.to - bucket.from + 1;
    sum += bucket.mean * steps;
    count += steps;
    least = Math.min(least, bucket.least);
    most = Math.max(most, bucket.most);
  }
  flush();
}

/** Lines across, their names moved apart where they would overlap. */
function drawLevels({ context, width, color }: Pen, levels: readonly Level[], y: Axis): void {
  context.font = '11px system-ui, sans-serif';
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  context.lineJoin = 'round';
  context.lineWidth = 1;
  let above = -Infinity;
  for (const { name, value } of [...levels].sort((a, b) => b.value - a.value)) {
    const at = y.place(value);
    context.strokeStyle = color('muted');
    context.setLineDash([2, 3]);
    line(context, [MARGIN.left, at], [width - MARGIN.right, at]);
    context.setLineDash([]);
    const label = Math.max(at - 1, above + 13);
    above = label;
    const text = `${name} ${value.toFixed(3)}`;
    context.strokeStyle = color('surface');
    context.lineWidth = 4; // a rim, so that it is read over curves
    context.strokeText(text, width - MARGIN.right, label);
    context.lineWidth = 1;
    context.fillStyle = color('text');
    context.fillText(text, width - MARGIN.right, label);
  }
}
