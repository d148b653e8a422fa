import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * What the command was asked for.
 *
 * @typedef {object} Flags
 * @property {readonly string[]} only - names of workloads; empty for all
 * @property {number} rounds
 * @property {number} seconds - a round of one contestant
 * @property {string | undefined} json - the file to write
 * @property {string | undefined} other - a checkout, to compare with
 * @property {boolean} isRelaxed - whether that is in relaxed SIMD
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
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '0.3' },
      json: { type: 'string' },
      other: { type: 'string' },
      relaxed: { type: 'boolean', default: false },
    },
  });
  const rounds = wholeNumber('rounds', values.rounds);
  const seconds = positive('seconds', values.seconds);
  const only = values.only.flatMap((names) => names.split(','));
  const { json, other, relaxed: isRelaxed } = values;
  return { only, rounds, seconds, json, other, isRelaxed };
}

/**
 * @param {string} flag
 * @param {string} text
 * @returns {number}
 * @throws {RangeError} when it isn't one, or is below 1
 */
export function wholeNumber(flag, text) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new RangeError(`bench: --${flag} must be a whole number from 1 on; got '${text}'`);
}

/**
 * @param {string} flag
 * @param {string} text
 * @returns {number}
 * @throws {RangeError} when it isn't above 0
 */
export function positive(flag, text) {
  const number = Number(text);
  if (number > 0 && number < Infinity) return number;
  throw new RangeError(`bench: --${flag} must be a number above 0; got '${text}'`);
}

/**
 * @template {{ readonly name: string }} Named
 * @param {readonly Named[]} all
 * @param {readonly string[]} names - empty for all
 * @returns {Named[]} in the order of all
 * @throws {RangeError} when a name is none of theirs
 */
export function chooseNamed(all, names) {
  const known = all.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new RangeError(`bench: --only takes ${known.join(', ')}; got ${unknown.join(', ')}`);
  }
  return all.filter(({ name }) => names.length === 0 || names.includes(name));
}

/**
 * The one that a command is about.
 *
 * @template {{ readonly name: string }} Named
 * @param {readonly Named[]} all
 * @param {readonly string[]} names - as they were typed
 * @returns {Named}
 * @throws {RangeError} when it isn't one, or not one of theirs
 */
export function chooseOne(all, names) {
  const found = all.find(({ name }) => name === names[0]);
  if (found !== undefined && names.length === 1) return found;
  const known = all.map(({ name }) => name).join(', ');
  throw new RangeError(`bench: name one of ${known}; got ${names.join(', ') || 'none'}`);
}

const PROGRAM = 'taskset'; // of util-linux

/**
 * The last core of a list as Linux writes it: 5 of `0-2,4-5`. The last, because the system's own work prefers core 0.
 *
 * @param {string} list
 * @returns {number}
 */
export function lastCore(list) {
  return Number(list.trim().split(/[,-]/).at(-1));
}

/**
 * What to put before a command so that it stays on one core: `taskset -c N`, or nothing where there is no taskset.
 *
 * @returns {string[]}
 */
export function pinToOneCore() {
  if (spawnSync(PROGRAM, ['--version']).status !== 0) return [];
  const status = readFileSync('/proc/self/status', 'utf8');
  const [, list = '0'] = /^Cpus_allowed_list:\s*(.+)$/m.exec(status) ?? [];
  return [PROGRAM, '-c', String(lastCore(list))];
}

/** A folder that is gone when the process ends, by Ctrl-C or `timeout` too. */
export function scratchFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'llm101-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
  return folder;
}

/**
 * Ends the process with what is wrong, without a stack, where that is a flag, or a contestant that a comparison needs;
 * else with the stack too.
 */
export function reportErrors() {
  process.on('uncaughtException', (error) => {
    const isForUser = error.message.startsWith('bench: ') || /ERR_PARSE_ARGS/.test(codeOf(error));
    process.stderr.write(`${isForUser ? error.message : error.stack}\n`);
    process.exit(1);
  });
}

/** @param {Error & { code?: unknown }} error */
const codeOf = ({ code }) => String(code);
