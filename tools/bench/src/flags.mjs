import { parseArgs } from 'node:util';

/**
 * What the command was asked for.
 *
 * @typedef {object} Flags
 * @property {readonly string[]} only - names of workloads; empty for all
 * @property {number} rounds
 * @property {number} seconds - a round of one contestant
 * @property {string | undefined} json - the file to write
 */

/**
 * @param {readonly string[]} args
 * @returns {Flags}
 * @throws {RangeError} when a number isn't one
 * @throws {TypeError} when a flag is unknown
 */
export function parseFlags(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: '7' },
      seconds: { type: 'string', default: '0.7' },
      json: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(
      `bench: --rounds must be a whole number from 1 on; got '${values.rounds}'`,
    );
  }
  if (!(seconds > 0 && seconds < Infinity)) {
    throw new RangeError(`bench: --seconds must be a number above 0; got '${values.seconds}'`);
  }
  const only = values.only.flatMap((names) => names.split(','));
  return { only, rounds, seconds, json: values.json };
}
