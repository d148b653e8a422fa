import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** How a run that resumed from a checkpoint is ended. */
export const RESUMED = 'resumed from a checkpoint';

/**
 * What became of a killed run.
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
 * @param {{ zeros: boolean, kept: number }} [options.damage] - what happens to the newest checkpoint before the end
 * @returns {Promise<Outcome>}
 */
export async function killOnce({ flags, runDir, moments, expected, damage }) {
  const history = [];
  for (const moment of moments) {
    const { how, args } = nextCommand(flags, runDir);
    const kill =
      'write' in moment
        ? { killAtWrite: moment.write }
        : {
            untilKilled: (/** @type {AbortSignal} */ ended) =>
              comes(moment, join(runDir, 'metrics.jsonl'), ended),
          };
    const { status, stderr } = await train(args, kill);
    history.push(
      'write' in moment
        ? `${how}, killed within write ${moment.write}`
        : `${how}, killed ${Math.round(moment.thenMs)} ms after ${Math.round(moment.logBytes)} bytes`,
    );
    if (status !== null && status !== 0) return { problem: `status ${status}: ${stderr}`, history };
  }
  const damaged = damage === undefined ? undefined : damageNewest(runDir, damage);
  if (damaged !== undefined) history.push(damaged);
  const { how, args } = nextCommand(flags, runDir);
  const { status, stderr } = await train(args);
  history.push(how);
  if (status !== 0) return { problem: `status ${status}: ${stderr}`, history };
  return { problem: difference(expected, resultOf(runDir)) ?? litterOf(runDir), history };
}

/**
 * Cuts the newest checkpoint short or fills its end with zeros, as a crash of the machine does on some disks. The one before
 * it must be there.
 *
 * @param {string} runDir
 * @param {{ zeros: boolean, kept: number }} damage - the fraction of the bytes that is kept
 * @returns {string | undefined} what was done
 */
function damageNewest(runDir, { zeros, kept }) {
  const folder = join(runDir, 'checkpoints');
  const names = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith('.safetensors'))
    .sort();
  const newest = names.at(-1);
  if (newest === undefined || names.length < 2) return undefined;
  const path = join(folder, newest);
  const bytes = readFileSync(path);
  const length = Math.floor(bytes.length * kept);
  writeFileSync(path, zeros ? bytes.fill(0, length) : bytes.subarray(0, length));
  return `${newest} ${zeros ? 'zeroed' : 'cut'} from byte ${length} on`;
}

/**
 * What a run must not leave behind; `undefined` where it doesn't.
 *
 * @param {string} runDir
 */
function litterOf(runDir) {
  const files = readdirSync(runDir, { recursive: true, encoding: 'utf8' });
  const litter = files.filter((name) => /\.(part|tmp)$|run\.lock/.test(name));
  return litter.length === 0 ? undefined : `left ${litter.join(', ')}`;
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
  return { how: hasOne ? RESUMED : 'resumed without', args: ['--resume', runDir] };
}

/**
 * When a run is killed: some time after its log has reached a length. By the log and not by the clock alone, as a busy
 * machine takes its time to begin.
 *
 * @typedef {object} LogMoment
 * @property {number} logBytes
 * @property {number} thenMs
 */

/** @typedef {LogMoment | { write: number }} Moment - or within the n-th call that changes a file */

const POLL_MS = 2;

/**
 * Resolves when a moment has come. The log that a resumed run already has counts.
 *
 * @param {LogMoment} moment
 * @param {string} log - the path of metrics.jsonl
 * @param {AbortSignal} ended - the run has come to its end before
 */
async function comes({ logBytes, thenMs }, log, ended) {
  while (!ended.aborted && sizeOf(log) < logBytes)
    await setTimeout(POLL_MS, undefined, { ref: false });
  await setTimeout(thenMs, undefined, { ref: false });
}

/** @param {string} path */
const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

const bin = fileURLToPath(
  new URL('bin/llm101.js', import.meta.resolve('@llm101/trainer/package.json')),
);

/**
 * How a command ended.
 *
 * @typedef {object} Ended
 * @property {number | null} status - null where it was killed
 * @property {string} stderr
 * @property {number} durationMs
 */

const killAtWriteModule = new URL('kill-at-write.mjs', import.meta.url).href;

/**
 * Runs `llm101 train`.
 *
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {(ended: AbortSignal) => Promise<void>} [options.untilKilled] - SIGKILL is sent after it, unless the command has
 *   ended
 * @param {number} [options.killAtWrite] - the call that changes a file within which it is killed; 0 to have them counted
 * @returns {Promise<Ended>}
 */
export function train(args, { untilKilled, killAtWrite } = {}) {
  const startMs = performance.now();
  const before = killAtWrite === undefined ? [] : ['--import', killAtWriteModule];
  const child = spawn(process.execPath, [...before, bin, 'train', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CI: '1', KILL_AT_WRITE: String(killAtWrite ?? '') },
  });
  const ended = new AbortController();
  void untilKilled?.(ended.signal).then(() => ended.signal.aborted || child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      ended.abort();
      resolve({ status, stderr, durationMs: performance.now() - startMs });
    });
  });
}

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
 * How a run differs from another one; `undefined` where it doesn't.
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
