import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What two runs must have in common.
 *
 * @typedef {object} Result
 * @property {Buffer} model - the bytes of its weights
 * @property {string} metrics - its log, but for the times
 */

/**
 * @param {string} runDir
 * @returns {Result}
 */
export function resultOf(runDir) {
  const metrics = readFileSync(join(runDir, 'metrics.jsonl'), 'utf8');
  return {
    model: readFileSync(join(runDir, 'model.safetensors')),
    metrics: metrics.replaceAll(/"stepsPerSecond":[^,]+,/g, ''),
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
  if (expected.metrics === found.metrics) return undefined;
  const [before, after] = [expected.metrics.split('\n'), found.metrics.split('\n')];
  const at = before.findIndex((line, i) => line !== after[i]);
  return `another log: line ${at + 1} is ${after[at] ?? 'missing'}, not ${before[at] ?? 'missing'}`;
}
