/** A label that wants to stand at a point. */
export interface WantedLabel {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a label's middle stands. */
export interface PlacedLabel {
  readonly x: number;
  readonly y: number;
}

/** Places around a point that are tried: rings, further out each, and directions on each of them. */
const RINGS = 8;
const DIRECTIONS = 16;

/** Pixels between two labels. */
const GAP = 2;

/** Pixels of a side of the squares by which neighbours are found. */
const SQUARE = 32;

/**
 * Places labels near their points without any over another: each where it wants to stand if that is free, else at the nearest free
 * place of some around it; those that come first choose first.
 *
 * @param area - width and height, which labels stay in
 * @returns for each label its place, or nothing where there is none near its point
 */
export function placeLabels(
  labels: readonly WantedLabel[],
  area: readonly [width: number, height: number],
): (PlacedLabel | undefined)[] {
  const taken = new Map<string, Box[]>();
  return labels.map((label) => {
    for (const [x, y] of candidates(label)) {
      const [halfWidth, halfHeight] = [label.width / 2, label.height / 2];
      const box = {
        left: x - halfWidth,
        right: x + halfWidth,
        top: y - halfHeight,
        bottom: y + halfHeight,
      };
      const isInside =
        box.left >= 0 && box.top >= 0 && box.right <= area[0] && box.bottom <= area[1];
      if (
        !isInside ||
        squaresOf(box).some((key) => taken.get(key)?.some((one) => overlap(one, box)))
      )
        continue;
      for (const key of squaresOf(box)) taken.set(key, [...(taken.get(key) ?? []), box]);
      return { x, y };
    }
    return undefined;
  });
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The point itself, then places on rings around it. */
function* candidates({ x, y, height }: WantedLabel): Generator<[number, number]> {
  yield [x, y];
  for (let ring = 1; ring <= RINGS; ring++) {
    const radius = ring * 0.75 * height;
    for (let i = 0; i < DIRECTIONS; i++) {
      const angle = (2 * Math.PI * (i + (ring % 2) / 2)) / DIRECTIONS;
      yield [x + radius * Math.cos(angle), y - radius * Math.sin(angle)];
    }
  }
}

function overlap(a: Box, b: Box): boolean {
  return (
    a.left < b.right + GAP &&
    b.left < a.right + GAP &&
    a.top < b.bottom + GAP &&
    b.top < a.bottom + GAP
  );
}

/** The squares that a box, and the gap around it, reaches into. */
function squaresOf({ left, right, top, bottom }: Box): string[] {
  const keys: string[] = [];
  for (let column = square(left - GAP); column <= square(right + GAP); column++) {
    for (let row = square(top - GAP); row <= square(bottom + GAP); row++)
      keys.push(`${column} ${row}`);
  }
  return keys;
}

const square = (at: number): number => Math.floor(at / SQUARE);
