/** A place on a plane. */
export type Point = readonly [x: number, y: number];

/**
 * Turns points, and mirrors them where that is nearer, so that they lie as near as may be to where they were: directions of a principal
 * component analysis have no sign of their own, and change places where they are about as long.
 *
 * Source: Schönemann (1966), "A generalized solution of the orthogonal Procrustes problem", https://doi.org/10.1007/BF02289451
 *
 * @param before - as many, in the same order; none: the points stay
 */
export function alignTo(before: readonly Point[], points: readonly Point[]): Point[] {
  const [turned, mirrored] = [1, -1].map((sign) => {
    let [along, across] = [0, 0];
    for (const [i, [x, y]] of before.entries()) {
      const [px, py] = points[i];
      along += px * x + sign * py * y;
      across += px * y - sign * py * x;
    }
    return { sign, along, across, fit: Math.hypot(along, across) };
  });
  const { sign, along, across, fit } = mirrored.fit > turned.fit ? mirrored : turned;
  if (fit === 0) return points.map(([x, y]) => [x, y]);
  const [cos, sin] = [along / fit, across / fit];
  return points.map(([x, y]) => [cos * x - sin * sign * y, sin * x + cos * sign * y]);
}

/** Frames that are kept of a run. */
const MOST_FRAMES = 32;

/** Where tokens were at a step. */
export interface Frame {
  readonly step: number;
  readonly points: readonly Point[];
}

/** Frames with one more, aligned to the last; where they are too many, every second goes but for the first and the last. */
export function withFrame(
  frames: readonly Frame[],
  step: number,
  points: readonly Point[],
): Frame[] {
  const earlier = frames.filter(
    (frame) => frame.step < step && frame.points.length === points.length,
  );
  const last = earlier.at(-1);
  const all = [...earlier, { step, points: alignTo(last?.points ?? [], points) }];
  if (all.length <= MOST_FRAMES) return all;
  return all.filter((_, i) => i % 2 === 0 || i === all.length - 1);
}
