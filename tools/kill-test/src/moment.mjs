import { statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/**
 * When a run is killed: so much later than its log has a length. By the log and not by the clock alone, as a machine that is
 * busy takes its time to begin.
 *
 * @typedef {object} Moment
 * @property {number} logBytes
 * @property {number} thenMs
 */

const POLL_MS = 2;

/**
 * Resolves when a moment has come. A log that is there already, of a run that goes on, counts.
 *
 * @param {Moment} moment
 * @param {string} log - the path of metrics.jsonl
 * @param {AbortSignal} ended - the run has come to its end before
 */
export async function comes({ logBytes, thenMs }, log, ended) {
  while (!ended.aborted && sizeOf(log) < logBytes)
    await setTimeout(POLL_MS, undefined, { ref: false });
  await setTimeout(thenMs, undefined, { ref: false });
}

/** @param {string} path */
const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
