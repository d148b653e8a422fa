import type { Json } from '@llm101/training';

/** In which settings two configurations differ: `lr is 0.1, not 0.2`, the one that was saved first. */
export function findDifferences(saved: Json, wanted: Json): string[] {
  const [before, now] = [textsOf(saved), textsOf(wanted)];
  const keys = [...new Set([...before.keys(), ...now.keys()])];
  return keys
    .filter((key) => before.get(key) !== now.get(key))
    .map((key) => `${key} is ${before.get(key) ?? 'not set'}, not ${now.get(key) ?? 'set'}`);
}

/** Each setting as JSON. */
function textsOf(json: Json): Map<string, string> {
  if (typeof json !== 'object' || json === null) return new Map();
  return new Map(Object.entries(json).map(([key, value]) => [key, JSON.stringify(value)]));
}
