// Plots of a page, drawn alike for the file and by the script in it.
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { drawPlot, wholeView } from '../src/plot/draw.js';
import { type PlotData, smooth, valuesShown } from '../src/plot/lines.js';
import { nearest, pointsAt } from '../src/plot/nearest.js';
import { exact, logTicks, short, ticks } from '../src/plot/numbers.js';
import { decodePlot, encodePlot } from '../src/plot/page-data.js';
import { place, type Scale, valueAt } from '../src/plot/scale.js';

const plotOf = (
  all: readonly (readonly number[])[],
  changes: Partial<PlotData> = {},
): PlotData => ({
  label: 'Loss',
  scale: 'linear',
  lines: all.map((ys, i) => ({
    name: `line ${i}`,
    colour: `var(--c${i + 1})`,
    xs: ys.map((_, step) => 10 * (step + 1)),
    ys,
  })),
  ...changes,
});

/** The points of the first line in `colour`. */
function pathOf(content: string, colour: string): [number, number][] {
  const d = new RegExp(
    `d="([^"]*)"[^>]*stroke="${colour.replaceAll(/[()]/g, String.raw`\$&`)}"`,
  ).exec(content);
  return [...(d?.[1] ?? '').matchAll(/[ML]([-\d.]+),([-\d.]+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
}

describe('drawPlot', () => {
  it('puts values where their scales say', () => {
    const data = plotOf([[4, 2, 3]]);
    const { content, x, y } = drawPlot(data, wholeView(data, [600, 300]));
    const points = pathOf(content, 'var(--c1)');
    expectClose(
      points.flat(),
      [10, 20, 30].flatMap((step, i) => [place(x, step), place(y, [4, 2, 3][i])]),
      { absolute: 0.051 }, // a decimal is written
    );
    expect(points[0][0]).toBe(x.range[0]);
    expect(points[2][0]).toBe(x.range[1]);
    expect(y.domain[0]).toBeLessThan(2);
  });
  it('has logarithmic axes, which leave out what they lack', () => {
    const data = plotOf([[100, 0, -1, 1, 0.01]]);
    const { content, y } = drawPlot(data, { ...wholeView(data, [600, 300]), isYLog: true });
    const heights = pathOf(content, 'var(--c1)').map(([, at]) => at);
    expect(heights).toHaveLength(3);
    expectClose([heights[1]], [(heights[0] + heights[2]) / 2], { absolute: 0.1 });
    expect(y.domain[0]).toBeGreaterThan(0);
    const steps = drawPlot(data, { ...wholeView(data, [600, 300]), isXLog: true }).x;
    expectClose([place(steps, Math.sqrt(10 * 50))], [(steps.range[0] + steps.range[1]) / 2], {
      absolute: 1e-9,
    });
  });
  it('shows only what is zoomed to, and only lines that are on, the one in focus last', () => {
    const data = plotOf([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const view = { ...wholeView(data, [600, 300]), isOn: (line: number) => line !== 1, focus: 0 };
    const { content } = drawPlot(data, view);
    const strokes = [...content.matchAll(/<path [^>]*stroke="var\(--c(\d)\)"/g)].map(([, c]) => c);
    expect(strokes).toEqual(['3', '1']);
    const { x, y } = drawPlot(data, { ...view, x: [12, 15], y: [0, 9] });
    expect([x.domain, y.domain]).toEqual([
      [12, 15],
      [0, 9],
    ]);
  });
  it('draws nothing, a point, equal values and values of any size', () => {
    for (const ys of [[], [3], [2, 2], [0], [1e308, -1e308], [5e-324, 1e-320], [-1e300, 7]]) {
      const data = plotOf([ys], { mark: { x: 10, y: 3, text: '<best>' } });
      for (const isYLog of [false, true]) {
        const { content } = drawPlot(data, {
          ...wholeView(data, [300, 200]),
          isYLog,
          isXLog: isYLog,
        });
        expect(content, JSON.stringify(ys)).not.toMatch(/NaN|Infinity|undefined|<best>/);
      }
    }
    const point = plotOf([[3]], { mark: { x: 10, y: 3, text: '<best>' } });
    expect(drawPlot(point, wholeView(point, [300, 200])).content).toMatch(
      /<circle[\s\S]*&lt;best&gt;/,
    );
  });
});

describe('values that are shown', () => {
  it('are all, but for those of runs that ran away', () => {
    const falling = Array.from({ length: 50 }, (_, i) => 2 + 1.3 * Math.exp(-i / 3));
    const [low, high] = valuesShown([falling, falling], 'linear', false);
    expect([low < 2, high > 3.3]).toEqual([true, true]); // its beginning, though most of it is at 2
    const away = valuesShown([falling, falling, [3.4, 1e36]], 'linear', false);
    expect(away[1]).toBeLessThan(5);
    expect(valuesShown([falling, [3.4, 1e36]], 'linear', true)[1]).toBeGreaterThan(1e36);
    expect(valuesShown([[0.1, 0.2]], 'fromZero', false)[0]).toBe(0);
  });
});

describe('smooth', () => {
  it('is the average of TensorBoard: without bias at its start', () => {
    expect(smooth([3, 1], 0)).toEqual([3, 1]);
    // by hand: 3; (0.5·0.5·3 + 0.5·1) / 0.75; …
    expectClose([...smooth([3, 1, 2], 0.5)], [3, 1.25 / 0.75, (0.625 + 1) / 0.875], {
      absolute: 1e-12,
    });
    expectClose([...smooth([7, 7, 7], 0.97)], [7, 7, 7], { absolute: 1e-12 });
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.003, '0.003'],
    [2.5, '2.5'],
    [9000, '9000'],
    [12_000, '12k'],
    [-1.5e6, '-1.5M'],
    [3e-5, '3e-5'],
    [1e20, '1e20'],
  ])('%d is short %s', (value, text) => expect(short(value)).toBe(text));
  it.each([
    [1234567, '1,234,567'],
    [2.353133, '2.3531'],
    [12_345.6, '12,346'],
    [1.5e-7, '1.500e-7'],
    [6e28, '6.000e+28'],
    [0, '0'],
    [NaN, 'NaN'],
  ])('%d is in full %s', (value, text) => expect(exact(value)).toBe(text));
  it('stand at round values', () => {
    expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(2.13, 3.31)).toEqual([2.2, 2.4, 2.6, 2.8, 3, 3.2]);
    expect(logTicks(0.1, 40)).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10, 20]);
    expect(logTicks(1e-20, 1e20).length).toBeLessThan(12);
    expect(logTicks(2, 3)).toEqual([2, 2.2, 2.4, 2.6, 2.8, 3]);
    for (const bad of [
      [1, 1],
      [0, Infinity],
      [5e-324, 1e-323],
    ]) {
      expect(ticks(bad[0], bad[1]).length).toBeLessThan(14);
    }
  });
  it('go to pixels and back', () => {
    for (const isLog of [false, true]) {
      const scale: Scale = { isLog, domain: [0.1, 7], range: [300, 10] };
      expectClose([valueAt(scale, place(scale, 2.5))], [2.5], { absolute: 1e-12 });
    }
  });
});

it('a plot goes through its page, with the steps of many lines once', () => {
  const data = plotOf(
    [
      [1, 2, 3],
      [4, 5, 6.123456789],
    ],
    { mark: { x: 10, y: 1, text: 'a' } },
  );
  const text = encodePlot(data);
  expect(text.split('[10,20,30]')).toHaveLength(2);
  expect(decodePlot(text)).toEqual(
    plotOf(
      [
        [1, 2, 3],
        [4, 5, 6.12346],
      ],
      { mark: { x: 10, y: 1, text: 'a' } },
    ),
  );
});

it('finds the values at a place, and the nearest of them', () => {
  const data = plotOf([
    [1, 2, 3],
    [9, 8, 7],
    [5, 5, 5],
  ]);
  const view = { ...wholeView(data, [600, 300]), isOn: (line: number) => line !== 2 };
  const drawn = drawPlot(data, view);
  const points = pointsAt(data, drawn, view, place(drawn.x, 21));
  expect(points.map(({ line, x, y }) => [line, x, y])).toEqual([
    [0, 20, 2],
    [1, 20, 8],
  ]);
  expect(nearest(points, [0, place(drawn.y, 7)])?.line).toBe(1);
  expect(nearest([], [0, 0])).toBeUndefined();
});
