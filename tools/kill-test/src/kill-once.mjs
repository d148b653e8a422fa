import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { comes } from './moment.mjs';
import { difference, resultOf } from './run-result.mjs';
import { train } from './run-command.mjs';

/** @import { Moment } from './moment.mjs' */
/** @import { Result } from './run-result.mjs' */

/** How a run is ended that went on from a checkpoint. */
export const GOES_ON = 'resumed from a checkpoint';

/**
 * What became of a run that was killed.
 *
 * @typedef {object} Outcome
 * @property {string | undefined} problem - nothing where it ended as it should
 * @property {string[]} history - what was done to it, and last how it was ended
 */

/**
 * Kills a run at the moments named, resumes it, and compares it with the unbroken one.
 *
 * @param {object} options
 * @param {readonly string[]} options.flags
 * @param {string} options.runDir
 * @param {readonly Moment[]} options.moments
 * @param {Result} options.expected
 * @returns {Promise<Outcome>}
 */
export async function killOnce({ flags, runDir, moments, expected }) {
  const history = [];
  for (const moment of moments) {
    const { how, args } = nextCommand(flags, runDir);
    const { status, stderr } = await train(args, (ended) =>
      comes(moment, join(runDir, 'metrics.jsonl'), ended),
    );
    history.push(
      `${how}, killed ${Math.round(moment.thenMs)} ms after ${Math.round(moment.logBytes)} bytes`,
    );
    if (status !== null && status !== 0) return { problem: `status ${status}: ${stderr}`, history };
  }
  const { how, args } = nextCommand(flags, runDir);
  const { status, stderr } = await train(args);
  history.push(how);
  if (status !== 0) return { problem: `status ${status}: ${stderr}`, history };
  return { problem: difference(expected, resultOf(runDir)), history };
}

/**
 * @param {readonly string[]} flags
 * @param {string} runDir
 * @returns {{ how: string, args: string[] }}
 */
function nextCommand(flags, runDir) {
  if (!existsSync(join(runDir, 'config.json'))) {
    return { how: 'begun', args: [...flags, '--run-dir', runDir] };
  }
  const folder = join(runDir, 'checkpoints');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const hasOne = files.some((name) => name.endsWith('.safetensors'));
  return { how: hasOne ? GOES_ON : 'resumed without', args: ['--resume', runDir] };
}
