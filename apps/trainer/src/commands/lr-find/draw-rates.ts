import type { RatePoint } from '@llm101/training';
import { plot } from 'simple-ascii-chart';

const COLUMNS = 60;
const ROWS = 15;

/** The smoothed loss over the learning rate, whose axis is logarithmic, as lines of text. */
export function drawRates(points: readonly RatePoint[]): string {
  const coordinates = points.map(({ learningRate, loss }): [number, number] => [
    Math.log10(learningRate),
    loss,
  ]);
  const exponents = coordinates.map(([x]) => x);
  const [first, last] = [Math.ceil(Math.min(...exponents)), Math.floor(Math.max(...exponents))];
  return plot(coordinates, {
    width: COLUMNS,
    height: ROWS,
    title: 'loss in nats, smoothed, over the learning rate',
    customXAxisTicks: Array.from({ length: last - first + 1 }, (_, i) => first + i),
    formatter: (value, { axis }) => (axis === 'x' ? `1e${value}` : value.toFixed(2)),
  }).trimEnd();
}
