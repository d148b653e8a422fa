import type { Json } from '../state/checkpoint.js';

/** The checkpoints in a store are of a run with other settings or data. Nothing was loaded. */
export class OtherRunError extends Error {
  override readonly name = 'OtherRunError';
  /** `batches.batchSize is 32, not 16`: what was saved first. */
  readonly differences: readonly string[];

  constructor(message: string, differences: readonly string[]) {
    super(message);
    this.differences = differences;
  }
}

/**
 * In what two records differ, field by field: `optimizer.groups.0.learningRate is 0.1, not 0.2`, the saved value first. A
 * field that only one of them has counts as a difference.
 */
export function differencesOf(saved: Json | undefined, wanted: Json | undefined): string[] {
  const [before, now] = [leavesOf(saved), leavesOf(wanted)];
  const keys = [...new Set([...before.keys(), ...now.keys()])];
  return keys
    .filter((key) => before.get(key) !== now.get(key))
    .map((key) => `${key} is ${before.get(key) ?? 'not set'}, not ${now.get(key) ?? 'set'}`);
}

const MOST_LISTED = 12;

/** Differences as a text. */
export function listed(differences: readonly string[]): string {
  const more = differences.length - MOST_LISTED;
  const shown = differences.slice(0, MOST_LISTED).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Each field below an object or a list as JSON, by its path. */
function leavesOf(json: Json | undefined): Map<string, string> {
  const leaves = new Map<string, string>();
  const collect = (value: unknown, path: string): void => {
    if (value === null || value === undefined) return;
    if (typeof value !== 'object') leaves.set(path, JSON.stringify(value));
    else {
      for (const [key, inner] of Object.entries(value)) {
        collect(inner, path === '' ? key : `${path}.${key}`);
      }
    }
  };
  collect(json, '');
  return leaves;
}

/** As a file has it: without what is undefined, NaN as null. */
export const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value) ?? 'null') as Json;
