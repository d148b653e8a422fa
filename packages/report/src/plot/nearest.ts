import type { DrawnPlot, PlotView } from './draw.js';
import type { PlotData } from './lines.js';
import { place } from './scale.js';

/** A point of a line, and where it is in the picture. */
export interface PlotPoint {
  readonly line: number;
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly pixelX: number;
  readonly pixelY: number;
}

/** The point of each line that is drawn at the steps nearest to a place. */
export function pointsAt(
  { lines }: PlotData,
  { x, y, ys }: DrawnPlot,
  { isOn }: PlotView,
  pixelX: number,
): PlotPoint[] {
  return lines.flatMap(({ xs }, line) => {
    if (!isOn(line) || xs.length === 0) return [];
    const index = nearestIndex(xs, (step) => place(x, step) - pixelX);
    const [step, value] = [xs[index], ys[line][index]];
    const point = {
      line,
      index,
      x: step,
      y: value,
      pixelX: place(x, step),
      pixelY: place(y, value),
    };
    return Number.isFinite(point.pixelX) && Number.isFinite(point.pixelY) ? [point] : [];
  });
}

/** The one that is nearest to a place; nothing where there is none. */
export function nearest(
  points: readonly PlotPoint[],
  [x, y]: readonly [number, number],
): PlotPoint | undefined {
  let found: PlotPoint | undefined;
  let least = Infinity;
  for (const point of points) {
    const distance = Math.hypot(point.pixelX - x, point.pixelY - y);
    if (distance < least) [found, least] = [point, distance];
  }
  return found;
}

/** Where an ascending list is nearest to zero, by halves. */
function nearestIndex(values: readonly number[], difference: (value: number) => number): number {
  let [low, high] = [0, values.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (difference(values[middle]) < 0) low = middle;
    else high = middle;
  }
  return Math.abs(difference(values[low])) <= Math.abs(difference(values[high])) ? low : high;
}
