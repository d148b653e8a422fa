import type { Generator } from '@llm101/random';
import type { RawSettings } from '@llm101/runs';
import {
  type Dimension,
  isActive,
  isWhole,
  type Point,
  rangeOf,
  type SettingValue,
  type Space,
} from './space.js';

/**
 * A point of a space, its settings one after the other.
 *
 * @param settings - what isn't varied, defaults among it
 * @param draw - what a setting is at this point
 */
export function drawPoint(
  space: Space,
  settings: RawSettings,
  draw: (name: string, dimension: Dimension) => SettingValue,
): Point {
  const point: Record<string, SettingValue> = {};
  for (const [name, dimension] of Object.entries(space)) {
    if (isActive(dimension, point, settings)) point[name] = draw(name, dimension);
  }
  return point;
}

/** A value of a dimension, drawn by its own distribution. */
export function drawValue(name: string, dimension: Dimension, generator: Generator): SettingValue {
  const u = generator.nextDouble();
  if ('choice' in dimension) return dimension.choice[Math.floor(u * dimension.choice.length)];
  const scale = scaleOf(name, dimension);
  return scale.value(scale.low + u * (scale.high - scale.low));
}

/** A dimension's numbers on a line where they are drawn evenly: their logarithms where it is logarithmic. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  /** The point on the line of a number. */
  readonly place: (value: number) => number;
  /** The number at a point of the line, rounded to four digits or to a whole number, within the limits. */
  readonly value: (place: number) => number;
}

export function scaleOf(
  name: string,
  dimension: Exclude<Dimension, { readonly choice: unknown }>,
): Scale {
  const [least, most] = rangeOf(dimension);
  const isLog = 'logUniform' in dimension;
  const whole = isWhole(name);
  const margin = whole ? 0.5 : 0; // each whole number has as much of the line as the others
  const place = (own: number): number => (isLog ? Math.log(own) : own);
  return {
    low: place(isLog ? Math.max(least - margin, least / 2) : least - margin),
    high: place(most + margin),
    place,
    value(own) {
      const exact = isLog ? Math.exp(own) : own;
      const rounded = whole ? Math.round(exact) : Number(exact.toPrecision(4));
      return Math.min(most, Math.max(least, rounded));
    },
  };
}

/** Every point of a space of choices, the last setting varying fastest. */
export function* gridOf(space: Space, settings: RawSettings): IterableIterator<Point> {
  const dimensions = Object.entries(space);
  yield* from(0, {});
  function* from(at: number, point: Point): IterableIterator<Point> {
    const next = dimensions.at(at);
    if (next === undefined) {
      yield point;
      return;
    }
    const [name, dimension] = next;
    if (!isActive(dimension, point, settings)) yield* from(at + 1, point);
    else if ('choice' in dimension) {
      for (const value of dimension.choice) yield* from(at + 1, { ...point, [name]: value });
    }
  }
}
