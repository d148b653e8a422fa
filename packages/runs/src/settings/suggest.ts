/** What packages and other programs call a setting, where they have another name for it. */
export const otherNames = { testSize: 'valSize', learningRate: 'lr' } as const;

/** The setting that was most likely meant, by its name or another that it goes by: `lerningRate` → `lr`; undefined where none is like it. */
export function suggestSetting(written: string, keys: readonly string[]): string | undefined {
  const others: Readonly<Record<string, string>> = otherNames;
  const found = suggest(written, [...keys, ...Object.keys(others)]);
  return found !== undefined && Object.hasOwn(others, found) ? others[found] : found;
}

/** The name that was most likely meant: `LLM101_DHIDDEN` → `LLM101_D_HIDDEN`; undefined where none is like it. */
export function suggest(written: string, names: Iterable<string>): string | undefined {
  const wanted = plain(written);
  let best: string | undefined;
  let least = Math.floor(wanted.length / 4) + 1;
  for (const name of names) {
    const far = distance(wanted, plain(name));
    if (far < least) [best, least] = [name, far];
  }
  return best;
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, '');

/** How many letters have to be put in, taken out, replaced, or swapped with the next, to turn one word into the other. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? rows[i - 2][j - 2] + 1 : Infinity;
      rows[i].push(Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced, swapped));
    }
  }
  return rows[a.length][b.length];
}
