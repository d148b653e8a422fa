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
  // counted: of numbers so large that adding 1 changes nothing there is no end
  for (let i = Math.ceil(least / step); i * step <= most && ticks.length <= 2 * count + 2; i++) {
    ticks.push(i * step);
  }
  return ticks;
}

/** A number as briefly as its axis allows: `0.25`, `1.5e-4`. */
export function formatNumber(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 0.001 || size >= 1e6) ? rounded.toExponential() : String(rounded);
}
