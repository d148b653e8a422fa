import type { RunData } from '../run-data.js';

/** A setting of a run, by its name: `lr`, `versions.node`. */
export type FlatSettings = ReadonlyMap<string, unknown>;

/** Settings of a run that are compared; no run of `llm101 train` has as many. */
const MOST_SETTINGS = 1000;

/** `versions: { node }` as `versions.node`. */
export function flatten(config: RunData['config']): FlatSettings {
  const entries = Object.entries(config).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([inner, item]): [string, unknown] => [`${name}.${inner}`, item])
      : [[name, value] as [string, unknown]],
  );
  return new Map(entries.slice(0, MOST_SETTINGS));
}

/**
 * The names of the settings in which runs differ, in the order in which they come; one that a run lacks is a difference, unless the name of a kind says it already: where
 * runs of one optimizer alone have a momentum, and all the same, they differ in the optimizer.
 */
export function differing(all: readonly FlatSettings[]): string[] {
  const names = new Set(all.flatMap((settings) => [...settings.keys()]));
  const different = [...names].filter((name) => {
    const first = textOf(all[0].get(name));
    return all.some((settings) => textOf(settings.get(name)) !== first);
  });
  const kinds = different.filter((name) =>
    all.every((settings) => typeof settings.get(name) === 'string'),
  );
  return different.filter((name) => !kinds.some((kind) => follows(all, name, kind)));
}

/** Whether a setting has one value, in the runs of some kinds alone; single runs don't show it. */
function follows(all: readonly FlatSettings[], name: string, kind: string): boolean {
  const has = new Map<unknown, boolean>();
  const values = new Set<string>();
  let missing = 0;
  for (const settings of all) {
    const isThere = settings.has(name);
    const before = has.get(settings.get(kind));
    if (before !== undefined && before !== isThere) return false;
    has.set(settings.get(kind), isThere);
    if (!isThere) missing++;
    if (isThere) values.add(textOf(settings.get(name)));
  }
  return missing > 1 && missing < all.length - 1 && values.size < 2;
}

/** A setting as it is written in config.json, a text without its quotes; a dash where there is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '–');
}
