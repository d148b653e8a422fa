/** A line of a plot. */
export interface PlotLine {
  readonly name: string;
  /** A CSS colour, `var(--c1)`. */
  readonly colour: string;
  /** The dashes of the stroke; default: none, a whole line. */
  readonly dash?: string;
  /** Default: `line`; `faint` is for noisy values, `strong` for the best one, `muted` for one of very many. */
  readonly style?: 'line' | 'faint' | 'strong' | 'muted';
  /** Whether it is drawn only where a reader switches it on. Default: false. */
  readonly isOff?: boolean;
  /** `[N]`, ascending */
  readonly xs: readonly number[];
  /** `[N]`, finite */
  readonly ys: readonly number[];
}

/** What a plot shows, apart from how it is looked at. */
export interface PlotData {
  /** What it shows, for screen readers. */
  readonly label: string;
  readonly lines: readonly PlotLine[];
  /** Of the values: from the smallest to the largest one, from 0 on, or logarithmic. */
  readonly scale: 'linear' | 'fromZero' | 'log';
  /** A point that is marked, with its text. */
  readonly mark?: { readonly x: number; readonly y: number; readonly text: string };
}

/**
 * Values smoothed: an exponential moving average, free of the bias of its start, as TensorBoard and W&B have it:
 * `s ← w s + (1 − w) y`, divided by `1 − w^n`.
 *
 * @param weight - of what came before, from 0 to below 1
 */
export function smooth(ys: readonly number[], weight: number): readonly number[] {
  if (weight <= 0) return ys;
  let [sum, norm] = [0, 0];
  return ys.map((y) => {
    sum = weight * sum + (1 - weight) * y;
    norm = weight * norm + (1 - weight);
    return sum / norm;
  });
}

/** How much of an axis' length is left free above and below the values. */
const ROOM = 0.04;

/** From the smallest to the largest of some values, those above 0 for a logarithmic scale. */
export function extentOf(all: readonly (readonly number[])[], isLog: boolean): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const values of all) {
    for (const value of values) {
      if (isLog && value <= 0) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

/**
 * The values that an axis shows of some lines. Where a few runs ran away, as with a learning rate that is too large, the others would be one flat line:
 * values twenty times as far above the lowest as three quarters of them are cut, but not where most lines begin.
 */
export function valuesShown(
  lines: readonly (readonly number[])[],
  scale: PlotData['scale'],
  isLog: boolean,
): [number, number] {
  const [low, top] = extentOf(lines, isLog);
  if (isLog) return [low / 1.1, top * 1.1];
  const high = Math.min(top, capOf(lines, [low, top]));
  const room = ROOM * (high - low);
  if (scale === 'fromZero' && low >= 0) return [0, high + room || 1];
  return [low - room, high + room];
}

function capOf(
  lines: readonly (readonly number[])[],
  [low, top]: readonly [number, number],
): number {
  const sorted = lines.flat().toSorted((a, b) => a - b);
  const firsts = lines.flatMap((ys) => ys.slice(0, 1)).toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(0.75 * sorted.length)];
  if (!(top - low > 20 * (upper - low))) return top;
  const first = firsts[Math.floor(firsts.length / 2)];
  return Math.max(low + 4 * (upper - low), first + Math.abs(first) / 10);
}
