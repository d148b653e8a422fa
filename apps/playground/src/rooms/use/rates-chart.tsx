import type { Signal } from '@preact/signals';
import type { LearningRateSearch } from '@llm101/training';
import { axisOf, formatNumber, ticksOf } from '../../charts/axes.js';
import { Canvas, line, type Pen } from '../../charts/canvas.js';

type Search = Pick<LearningRateSearch, 'points'> & Partial<LearningRateSearch>;

const MARGIN = { left: 46, right: 12, top: 8, bottom: 22 } as const;

/** The loss over the learning rate, which grows by the same factor from step to step, and the rate at which it falls fastest. */
export function RatesChart({
  label,
  search,
}: {
  readonly label: string;
  readonly search: Signal<Search | undefined>;
}) {
  return <Canvas label={label} height={280} draw={(pen) => draw(pen, search.value)} />;
}

function draw({ context, width, height, color }: Pen, search: Search | undefined): void {
  const { points = [], suggestion } = search ?? {};
  const rates = points.map(({ learningRate }) => learningRate);
  const losses = points.map(({ loss }) => loss);
  const isEmpty = points.length < 2;
  const [first, last] = isEmpty ? [1e-5, 10] : [rates[0], rates[rates.length - 1]];
  const x = axisOf([first, last], { from: MARGIN.left, to: width - MARGIN.right, isLog: true });
  const [least, most] = isEmpty
    ? [0, 4]
    : [losses.reduce((a, b) => Math.min(a, b)), losses.reduce((a, b) => Math.max(a, b))];
  const room = 0.06 * (most - least || 1);
  const [bottom, top] = [height - MARGIN.bottom, MARGIN.top];
  const y = axisOf([least - room, most + room], { from: bottom, to: top, isLog: false });
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = color('muted');
  context.strokeStyle = color('line');
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const value of ticksOf(y, 5)) {
    const at = Math.round(y.place(value)) + 0.5;
    line(context, [MARGIN.left, at], [width - MARGIN.right, at]);
    context.fillText(formatNumber(value), MARGIN.left - 6, at);
  }
  context.textBaseline = 'top';
  context.textAlign = 'center';
  for (const value of ticksOf(x, width / 90)) {
    context.fillText(formatNumber(value), x.place(value), bottom + 6);
  }
  context.save();
  context.beginPath();
  context.rect(MARGIN.left, top, width - MARGIN.left - MARGIN.right, bottom - top);
  context.clip();
  context.fillStyle = color('series-1');
  context.globalAlpha = 0.3;
  for (const { learningRate, batchLoss } of points) {
    context.fillRect(x.place(learningRate) - 1, y.place(batchLoss) - 1, 2, 2);
  }
  context.globalAlpha = 1;
  context.strokeStyle = color('series-1');
  context.lineWidth = 2;
  context.beginPath();
  for (const { learningRate, loss } of points) context.lineTo(x.place(learningRate), y.place(loss));
  context.stroke();
  context.restore();
  if (suggestion === undefined) return;
  const at = x.place(suggestion);
  context.strokeStyle = color('series-2');
  context.lineWidth = 1.5;
  line(context, [at, top], [at, bottom]);
  context.fillStyle = color('series-2');
  context.textAlign = at > width / 2 ? 'right' : 'left';
  context.fillText(suggestion.toPrecision(2), at + (at > width / 2 ? -5 : 5), top + 2);
}
