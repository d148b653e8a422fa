import type { Value } from '../graph/graph.js';
import type { KernelStep } from '../graph/instruction.js';

/** Above so many calls a copy goes to tfjs. */
const MOST_CALLS = 64;

/** One end of a copy: elements lie `strides` apart along each axis, the first so many elements in. */
interface BoxEnd {
  readonly of: Value;
  readonly strides: readonly number[];
  readonly start: number;
}

/** A copy of a box of some shape between two tensors of one type. */
export interface BoxCopy {
  readonly shape: readonly number[];
  readonly from: BoxEnd;
  readonly to: BoxEnd;
}

interface Axis {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Copies of rows: axes that go on at both ends where the next one ends are merged, the last becomes the rows' bytes, the
 * two before it the numbers of rows and of planes; for each place along the others there is a call. Undefined where those
 * are too many.
 */
export function boxSteps(box: BoxCopy): KernelStep[] | undefined {
  const { from, to } = box;
  const width = to.of.dtype === 'bool' ? 1 : 4;
  const { outer, length } = rowsOf(box);
  const rows = outer.pop() ?? ONE;
  const planes = outer.pop() ?? ONE;
  const places = outer.reduce<PlaceOfBox[]>(along, [{ from: from.start, to: to.start }]);
  if (places.length > MOST_CALLS) return undefined;
  return places.map((place): KernelStep => {
    const source = { of: from.of, skip: place.from * width };
    const target = { of: to.of, skip: place.to * width };
    const [fromRow, toRow, bytes] = [rows.from, rows.to, length].map((n) => n * width);
    if (planes.size === 1) {
      return { kernel: 'copyRows', args: [source, fromRow, target, toRow, rows.size, bytes] };
    }
    const [fromPlane, toPlane] = [planes.from, planes.to].map((n) => n * width);
    const left = [source, fromPlane, fromRow, target, toPlane, toRow];
    return { kernel: 'copyPlanes', args: [...left, planes.size, rows.size, bytes] };
  });
}

/** How many elements follow one another at both ends of a copy, and the axes that are left. */
export function rowsOf({ shape, from, to }: BoxCopy): { outer: Axis[]; length: number } {
  const axes = mergedAxes(
    shape.map((size, i) => ({ size, from: from.strides[i], to: to.strides[i] })),
  );
  const last = axes.at(-1);
  const isRow = last?.from === 1 && last.to === 1;
  return isRow ? { outer: axes.slice(0, -1), length: last.size } : { outer: axes, length: 1 };
}

const ONE: Axis = { size: 1, from: 0, to: 0 };

type PlaceOfBox = Pick<Axis, 'from' | 'to'>;

/** The places along one more axis. */
function along(places: PlaceOfBox[], axis: Axis): PlaceOfBox[] {
  return places.flatMap((place) =>
    Array.from({ length: axis.size }, (_, i) => ({
      from: place.from + i * axis.from,
      to: place.to + i * axis.to,
    })),
  );
}

function mergedAxes(axes: readonly Axis[]): Axis[] {
  const kept: Axis[] = [];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    const last = kept.at(-1);
    if (last?.from === axis.size * axis.from && last.to === axis.size * axis.to) {
      kept[kept.length - 1] = { ...axis, size: last.size * axis.size };
    } else kept.push(axis);
  }
  return kept;
}
