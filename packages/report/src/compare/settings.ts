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

/** The names of the settings in which runs differ, in the order in which they come; one that a run lacks is a difference. */
export function differing(all: readonly FlatSettings[]): string[] {
  const names = new Set(all.flatMap((settings) => [...settings.keys()]));
  return [...names].filter((name) => {
    const first = textOf(all[0].get(name));
    return all.some((settings) => textOf(settings.get(name)) !== first);
  });
}

/** A setting as it is written in config.json, a text without its quotes; a dash where there is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '–');
}
