import { parseArgs } from 'node:util';
import { positive, wholeNumber } from './options.mjs';

/**
 * What the benchmark of a GPU was asked for.
 *
 * @typedef {object} GpuFlags
 * @property {readonly string[]} only - names of workloads; empty for all
 * @property {number} rounds
 * @property {number} seconds - a round of one contestant
 * @property {number} minutes - all of it
 * @property {string | undefined} json - the file to write
 * @property {boolean} isTiny - whether models are so small that software can do them
 * @property {boolean} isAnyway - whether others are measured where there is no GPU
 */

/**
 * @param {readonly string[]} args
 * @returns {GpuFlags}
 * @throws {RangeError} when a number isn't one
 * @throws {TypeError} when a flag is unknown
 */
export function parseGpuFlags(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '8.5' },
      json: { type: 'string' },
      tiny: { type: 'boolean', default: false },
      anyway: { type: 'boolean', default: false },
    },
  });
  return {
    only: values.only.flatMap((names) => names.split(',')),
    rounds: wholeNumber('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    minutes: positive('minutes', values.minutes),
    json: values.json,
    isTiny: values.tiny,
    isAnyway: values.anyway,
  };
}
