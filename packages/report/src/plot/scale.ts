import { logTicks, ticks } from './numbers.js';

/** From the values of an axis to pixels and back. */
export interface Scale {
  readonly isLog: boolean;
  readonly domain: readonly [low: number, high: number];
  readonly range: readonly [from: number, to: number];
}

/** Where a value is, in pixels. */
export function place(
  { isLog, domain: [low, high], range: [from, to] }: Scale,
  value: number,
): number {
  const share = isLog
    ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
    : (value - low) / (high - low);
  return from + share * (to - from);
}

/** The value at a place. */
export function valueAt(
  { isLog, domain: [low, high], range: [from, to] }: Scale,
  pixel: number,
): number {
  const share = (pixel - from) / (to - from);
  return isLog
    ? Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)))
    : low + share * (high - low);
}

/** The values that stand along an axis. */
export function marksOf({ isLog, domain: [low, high] }: Scale, wanted?: number): number[] {
  return isLog ? logTicks(low, high) : ticks(low, high, wanted);
}

/** A domain that is not empty; of a logarithmic scale, above 0. */
export function spread([low, high]: readonly [number, number], isLog: boolean): [number, number] {
  if (!(low <= high) || !Number.isFinite(high - low)) return isLog ? [0.1, 10] : [0, 1];
  if (low < high) return [low, high];
  if (isLog) return [low / 2, high * 2];
  const room = low === 0 ? 1 : Math.abs(low) / 10;
  return [low - room, high + room];
}
