/** How many ways there are to write `total` as an ordered sum of `parts` whole numbers from 0 on. */
export function compositions(total: number, parts: number): number {
  let ways = 1;
  for (let i = 1; i < parts; i++) ways = (ways * (total + i)) / i;
  return Math.round(ways);
}

/** Calls `visit` with each of them; the array is used again. */
export function forEachComposition(
  total: number,
  parts: number,
  visit: (counts: readonly number[]) => void,
): void {
  const counts = Array.from({ length: parts }, () => 0);
  const place = (part: number, rest: number): void => {
    if (part === parts - 1) {
      counts[part] = rest;
      visit(counts);
      return;
    }
    for (let count = 0; count <= rest; count++) {
      counts[part] = count;
      place(part + 1, rest - count);
    }
  };
  place(0, total);
}
