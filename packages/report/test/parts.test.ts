// What a page is made of: files read, vectors projected, lines drawn.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSafetensors } from '@llm101/safetensors';
import { expectClose } from '@tools/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lineChart, type Series } from '../src/charts.js';
import { parseMetrics, parseSamples, parseStatistics, principalComponents } from '../src/index.js';
import { readRun } from '../src/node/index.js';

describe('the files of a run', () => {
  const emptyFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'llm101-report-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    return folder;
  };
  it('are read, each for itself', () => {
    const folder = emptyFolder();
    const write = (name: string, content: string | Uint8Array): void =>
      writeFileSync(join(folder, name), content);
    write('config.json', '{"seed": 1}');
    write('metrics.jsonl', '{"step":1,"trainLoss":3}\n');
    write('samples.jsonl', '{"step":1,"texts":["ana"]}\n');
    const weight = {
      dtype: 'F32',
      shape: [3, 2],
      data: Float32Array.of(1, 2, 3, 4, 5, 6),
    } as const;
    const tokenizer = JSON.stringify({ padding: '.', alphabet: 'aé' });
    write('model.safetensors', writeSafetensors({ 'embedding.weight': weight }, { tokenizer }));
    expect(readRun(folder)).toEqual({
      name: folder,
      config: { seed: 1 },
      metrics: [{ step: 1, trainLoss: 3 }],
      samples: [{ step: 1, texts: ['ana'] }],
      statistics: [],
      model: {
        parameterCount: 6,
        embedding: {
          name: 'embedding.weight',
          symbols: ['.', 'a', 'é'],
          vectors: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        },
      },
    });
    write('model.safetensors', 'damaged');
    expect(readRun(folder).model).toBeUndefined();
  });
  it('may be missing, all of them', () => {
    expect(readRun(emptyFolder())).toMatchObject({ config: {}, metrics: [], model: undefined });
  });
  it('may have lines that are cut or another program’s', () => {
    expect(
      parseMetrics('{"step":1,"trainLoss":3,"valLoss":null}\n{"step":2}\n[]\n7\n{"step":3,"tr'),
    ).toEqual([{ step: 1, trainLoss: 3 }]);
    expect(parseSamples('{"step":1,"texts":"ana"}\n{"step":2,"texts":["a",1]}')).toEqual([
      { step: 1, texts: [] },
      { step: 2, texts: ['a', '1'] },
    ]);
    const parameters = {
      w: { values: { norm: 2 }, gradient: { norm: 1 } },
      b: { values: { norm: 3 } },
    };
    const line = { step: 1, parameterNorm: 4, gradientNorm: 1, parameters };
    expect(parseStatistics(`${JSON.stringify(line)}\n`)).toEqual([
      {
        ...line,
        parameters: { w: { values: 2, gradient: 1 }, b: { values: 3, gradient: undefined } },
      },
    ]);
  });
});

describe('principalComponents', () => {
  it('finds a line in space', () => {
    const direction = [1, 2, -2]; // of length 3
    const { points, explained } = principalComponents(
      [-1, 0, 3].map((t) => direction.map((d) => 5 + t * d)),
    );
    // Its largest component points up: 2, not -2, comes first.
    expectClose(
      points.map(([x]) => x),
      [-5, -2, 7],
      { absolute: 1e-12 },
    );
    expectClose(
      points.map(([, y]) => y),
      [0, 0, 0],
      { absolute: 1e-12 },
    );
    expectClose([...explained], [1, 0], { absolute: 1e-12 });
  });
  it('keeps distances in a plane, and has variances that fall', () => {
    const plane = [
      [3, 1],
      [-1, 4],
      [0, -2],
      [-2, -3],
      [5, 0],
    ];
    const tilted = plane.map(([x, y]) => [x * 0.6, x * 0.8, y]);
    const { points, explained } = principalComponents(tilted);
    for (const [i, [x, y]] of plane.entries()) {
      for (const [j, [u, v]] of plane.entries()) {
        const distance = Math.hypot(points[i][0] - points[j][0], points[i][1] - points[j][1]);
        expectClose(distance, Math.hypot(x - u, y - v), { absolute: 1e-12 });
      }
    }
    const variance = (axis: 0 | 1): number =>
      points.reduce((sum, point) => sum + point[axis] ** 2, 0);
    expect(variance(0)).toBeGreaterThan(variance(1));
    expectClose(explained[0] + explained[1], 1, { absolute: 1e-12 });
    const cross = points.reduce((sum, [x, y]) => sum + x * y, 0);
    expectClose(cross, 0, { absolute: 1e-12 });
  });
  it.each([
    [[]],
    [[[1], [2]]],
    [
      [
        [1, 1],
        [1, 1],
      ],
    ],
  ])('takes %j', (vectors) => {
    const { points, explained } = principalComponents(vectors);
    expect(points.flat().every(Number.isFinite)).toBe(true);
    expect(points).toHaveLength(vectors.length);
    expect(explained.every((share) => share >= 0 && share <= 1)).toBe(true);
  });
});

describe('lineChart', () => {
  const size = { width: 340, height: 220 };
  const draw = (
    scale: 'linear' | 'fromZero' | 'log',
    values: number[],
    style: Series['style'] = 'line',
  ) =>
    lineChart(
      {
        label: 'A line',
        scale,
        series: [
          {
            name: 'a',
            colour: 'var(--c1)',
            points: values.map((value, step) => ({ step, value })),
            style,
          },
        ],
      },
      size,
    );
  /** Heights of a line's points above the chart's bottom, which is at 0. */
  const lineOf = (svg: string): [x: number, y: number][] => {
    const path = /d="(M[^"]*)"[^>]*stroke="var\(--c1\)"/.exec(svg)?.[1] ?? '';
    return [...path.matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
  };
  it('puts values where they belong', async () => {
    const line = lineOf(await draw('fromZero', [10, 5, 0]));
    const [[x0, y0], [x1, y1], [x2, y2]] = line;
    expect([x0, y0]).toEqual([0, 0]); // the top left
    expectClose([x1, y1], [x2 / 2, y2 / 2], { absolute: 0.01 }); // two decimals are written
    expect(x2).toBeGreaterThan(280);
    expect(y2).toBeGreaterThan(180);
  });
  it('has equal factors at equal distances on a logarithmic scale', async () => {
    const heights = lineOf(await draw('log', [100, 1, 0.01])).map(([, y]) => y);
    expectClose(heights[1], (heights[0] + heights[2]) / 2, { absolute: 0.01 });
    expect(await draw('log', [100, 1])).toMatch(/>2<[\s\S]*>50</);
  });
  it('is linear where a logarithm would not be, and leaves out what is not finite', async () => {
    expect(lineOf(await draw('log', [4, 0, NaN, 2]))).toHaveLength(3);
  });
  it('shows single points where there are few', async () => {
    const circles = (svg: string): number => svg.split('var(--c1)').length - 1;
    expect(circles(await draw('linear', [1, 2, 3], 'dotted'))).toBe(4);
    expect(circles(await draw('linear', [1, 2, 3]))).toBe(1);
  });
  it('has a label for those who can’t see it', async () => {
    expect(await draw('linear', [1, 2])).toMatch(
      /^<svg role="img" aria-label="A line" viewBox="0 0 340 220">/,
    );
  });
});
