import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What two runs must have in common.
 *
 * @typedef {object} Result
 * @property {Buffer} model - the bytes of its weights
 * @property {string} log - metrics, but for the times, samples and statistics
 */

/**
 * @param {string} runDir
 * @returns {Result}
 */
export function resultOf(runDir) {
  const logs = ['metrics.jsonl', 'samples.jsonl', 'statistics.jsonl'].map((name) =>
    readFileSync(join(runDir, name), 'utf8'),
  );
  return {
    model: readFileSync(join(runDir, 'model.safetensors')),
    log: logs.join('').replaceAll(/"stepsPerSecond":[^,]+,/g, ''),
  };
}

/**
 * In what a run differs from another one, or nothing.
 *
 * @param {Result} expected
 * @param {Result} found
 * @returns {string | undefined}
 */
export function difference(expected, found) {
  if (!expected.model.equals(found.model)) return 'other weights';
  if (expected.log === found.log) return undefined;
  const [before, after] = [expected.log.split('\n'), found.log.split('\n')];
  const at = before.findIndex((line, i) => line !== after[i]);
  return `another log: line ${at + 1} is ${after[at] ?? 'missing'}, not ${before[at] ?? 'missing'}`;
}
