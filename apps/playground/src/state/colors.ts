import type { ColorName } from '../charts/canvas.js';

/** The colours of runs in every chart. */
const COLORS = [
  'series-1',
  'series-2',
  'series-3',
  'series-4',
  'series-5',
  'series-6',
] as const satisfies ColorName[];

/** A colour for another run: the first of those that the fewest have. */
export function nextColor(used: readonly ColorName[]): ColorName {
  const counts = COLORS.map((color) => used.filter((one) => one === color).length);
  return COLORS[counts.indexOf(Math.min(...counts))]; // bounded: six
}
