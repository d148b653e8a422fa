import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Objective } from '../compare/measure.js';
import { parseObject } from '../parse-run.js';
import type { FoundRun } from './find-runs.js';

/** Bytes of a sweep's description. */
const MOST_BYTES = 16_000_000;

/**
 * What a sweep is for, by its sweep.json.
 *
 * @returns nothing where runs aren't all trials of one sweep, or it doesn't say
 */
export function readObjective(runs: readonly FoundRun[]): Objective | undefined {
  const sweeps = new Set(runs.map(({ folder }) => join(folder, '..', '..')));
  const [sweep, ...more] = sweeps;
  if (sweep === undefined || more.length > 0) return undefined;
  const { objective, direction } = parseObject(textOf(join(sweep, 'sweep.json'))) ?? {};
  if (typeof objective !== 'string' || !/^\w{1,100}$/.test(objective)) return undefined;
  if (direction !== 'minimize' && direction !== 'maximize') return undefined;
  return { metric: objective, direction };
}

/** Empty where there is no such file. */
function textOf(path: string): string {
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)); // no pipe is waited for
    try {
      const stats = fstatSync(file);
      return stats.isFile() && stats.size <= MOST_BYTES ? readFileSync(file, 'utf8') : '';
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
