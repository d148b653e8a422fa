/** Values along one side of a chart. */
export interface Axis {
  readonly least: number;
  readonly most: number;
  readonly isLog: boolean;
  /** The pixel of a value. */
  readonly place: (value: number) => number;
  /** The value of a pixel. */
  readonly value: (pixel: number) => number;
}

/** An axis from one pixel to another. */
export function axisOf(
  [least, most]: readonly [number, number],
  { from, to, isLog }: { readonly from: number; readonly to: number; readonly isLog: boolean },
): Axis {
  const scale = isLog ? Math.log : (value: number): number => value;
  const back = isLog ? Math.exp : (value: number): number => value;
  const [low, high] = [scale(least), scale(most)];
  const slope = (to - from) / (high - low || 1);
  return {
    least,
    most,
    isLog,
    place: (value) => from + (scale(value) - low) * slope,
    value: (pixel) => back(low + (pixel - from) / slope),
  };
}

/** Round values along an axis, about so many. */
export function ticksOf({ least, most, isLog }: Axis, count: number): number[] {
  if (isLog) {
    const decades: number[] = [];
    for (let power = Math.floor(Math.log10(least)); 10 ** power <= most; power++) {
      const value = 10 ** power;
      for (const step of most / least > 1000 ? [1] : [1, 2, 5]) {
        if (value * step >= least && value * step <= most) decades.push(value * step);
      }
    }
    return decades;
  }
  const rough = (most - least) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const ticks: number[] = [];
  for (let i = Math.ceil(least / step); i * step <= most; i++) ticks.push(i * step);
  return ticks;
}

/** A number as briefly as its axis allows. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.001 || size >= 1e6) return value.toExponential(0);
  return String(Number(value.toPrecision(3)));
}
