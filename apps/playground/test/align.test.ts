// Points that are turned to lie on those before.
import { expect, it } from 'vitest';
import { alignTo, type Point, withFrame, type Frame } from '../src/rooms/inside/align.js';

const points: readonly Point[] = [
  [1, 0],
  [0, 2],
  [-3, 1],
  [2, -3],
];

const moved = (angle: number, sign: number): Point[] =>
  points.map(([x, y]) => [
    Math.cos(angle) * x - Math.sin(angle) * sign * y,
    Math.sin(angle) * x + Math.cos(angle) * sign * y,
  ]);

it.each([
  [0.3, 1],
  [2.8, 1],
  [-1.2, -1],
  [0, -1],
])('points that were turned by %d and mirrored by %d lie where they were', (angle, sign) => {
  for (const [i, [x, y]] of alignTo(points, moved(angle, sign)).entries()) {
    expect(x).toBeCloseTo(points[i][0], 12);
    expect(y).toBeCloseTo(points[i][1], 12);
  }
});

it('points without any before, or all in one place, stay', () => {
  expect(alignTo([], points)).toEqual(points);
  const none: readonly Point[] = [[0, 0]];
  expect(alignTo(none, [[3, 4]])).toEqual([[3, 4]]);
});

it('frames are as many at most, from the first to the last, in order', () => {
  let frames: readonly Frame[] = [];
  for (let step = 1; step <= 500; step++) frames = withFrame(frames, step, points);
  expect(frames.length).toBeLessThanOrEqual(32);
  expect([frames[0].step, frames[frames.length - 1].step]).toEqual([1, 500]);
  expect(frames.map(({ step }) => step)).toEqual(
    frames.map(({ step }) => step).toSorted((a, b) => a - b),
  );
});

it('a frame of a step that was seen before takes the place of it and of what came after', () => {
  const frames = [1, 2, 3].reduce<readonly Frame[]>(
    (all, step) => withFrame(all, step, points),
    [],
  );
  expect(withFrame(frames, 2, points).map(({ step }) => step)).toEqual([1, 2]);
});
