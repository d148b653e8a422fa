import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { dataSetOf } from '@llm101/data';
import { type Settings, UserError } from '@llm101/runs';
import type { Sweep, TrialJob } from '@llm101/sweeps';
import {
  checkQueue,
  fileSettings,
  type FilePlace,
  openQueueHome,
  parseQueueUrl,
  type QueuedJob,
  TEXT_BYTES,
} from '@llm101/sweeps/bullmq';
import { withPlaces } from '../../run-folder/places-in-errors.js';
import { readRunFiles, writeRunFiles } from '../../run-folder/travelling-files.js';
import type { OpenSweepFolder } from '../../sweep-folder/sweep-folder.js';
import { readObject } from '../../terminal/config-file.js';
import { hideQueue } from '../../terminal/hide-queue.js';
import type { SweepDisplay } from './progress.js';
import type { TrialRunner } from './trial-runner.js';

/** Jobs that are on the queue at a time where nothing is said: more than workers, so that none waits. */
export const QUEUED = 1000;

/**
 * Tries a queue before anything is made for it.
 *
 * @throws UsageError when the URL is none
 * @throws UserError when Redis can't be reached
 */
export async function reachQueue(url: string): Promise<void> {
  hideQueue(parseQueueUrl(url, '--queue'));
  await checkQueue({ url });
}

/** What {@link onQueue} needs. */
interface QueueOptions {
  readonly queue: string;
  readonly shared: string | undefined;
  readonly display: SweepDisplay;
  readonly runDirOf: (job: TrialJob) => string;
  /** Ends waiting for Redis. */
  readonly signal: AbortSignal;
}

/**
 * Has the trials of a sweep done by workers of a queue.
 *
 * @throws UsageError when the URL is none
 * @throws UserError when Redis can't be reached, or a text can't get to workers
 * @throws the signal's reason
 */
export async function onQueue(
  folder: OpenSweepFolder,
  sweep: Sweep,
  { queue: url, shared, display, runDirOf, signal }: QueueOptions,
): Promise<TrialRunner> {
  const { texts = {} } = sweep;
  for (const name of Object.keys(texts)) checkText(name, shared);
  const placesOf = ({ settings }: TrialJob): QueuedJob['files'] =>
    Object.fromEntries(
      fileSettings.flatMap((key) => {
        const value = settings[key];
        return value === undefined ? [] : [[key, placeOf(key, value, { settings, shared })]];
      }),
    );
  const home = await openQueueHome({
    url,
    shared,
    sweep: idOf(folder),
    objective: sweep.objective,
    results: folder.known,
    placesOf,
    filesOf: (job) => readRunFiles(runDirOf(job)),
    keep: (job, files) => writeRunFiles(runDirOf(job), files, job.settings),
    onProgress: (job, progress) => display.progress(job, progress),
    note: (line) => display.say(line),
  });
  try {
    for (const [name, sha256] of Object.entries(texts)) {
      const isSent = isFile(name) && inShared(name, shared) === undefined;
      if (!isSent) continue;
      if (statSync(name).size <= TEXT_BYTES) {
        await home.putText(sha256, () => readText(name, sha256), signal);
      } else {
        display.say(`${name} is too large for the queue; workers need it in a folder of --texts`);
      }
    }
  } catch (error) {
    await home.close();
    throw error;
  }
  return {
    async execute(job, how) {
      const result = await home.execute(job, how);
      if (result?.error === undefined) return result;
      const { settings } = job;
      return { ...result, error: withPlaces(result.error, { run: runDirOf(job), settings }) };
    },
    close: () => home.close(),
    async record(result) {
      folder.record(result);
      await home.acknowledge(result);
    },
  };
}

/** @throws UserError when workers couldn't have a text */
function checkText(name: string, shared: string | undefined): void {
  if (/^http:\/\//i.test(name)) {
    throw new UserError(`workers take a text by https:// alone; got ${name}; load it into a file`);
  }
  if (existsSync(name) && !isFile(name) && inShared(name, shared) === undefined) {
    throw new UserError(
      `the text ${name} is a folder, which doesn't go through a queue; put it into a folder that home and workers share, and pass that by --shared`,
    );
  }
}

interface PlaceOptions {
  readonly settings: Settings;
  readonly shared: string | undefined;
}

function placeOf(key: string, value: string, { settings, shared }: PlaceOptions): FilePlace {
  if (key === 'data' && (dataSetOf(value) !== undefined || /^https:/i.test(value))) {
    return { name: value };
  }
  const path = inShared(value, shared);
  if (path !== undefined) return { shared: path };
  if (key === 'data' && settings.dataSha256 !== undefined) return { sha256: settings.dataSha256 };
  throw new UserError(
    `${key} ${value} doesn't go through a queue; put it into a folder that home and workers share, and pass that by --shared`,
  );
}

/** A path within the shared folder, with `/`; nothing where it isn't in there. */
function inShared(path: string, shared: string | undefined): string | undefined {
  if (shared === undefined) return undefined;
  const inside = relative(resolve(shared), resolve(path));
  const isOutside = inside === '' || inside.startsWith('..') || resolve(inside) === inside;
  return isOutside ? undefined : inside.replaceAll(sep, '/');
}

const isFile = (path: string): boolean =>
  dataSetOf(path) === undefined && statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function readText(path: string, sha256: string): Uint8Array {
  const bytes = readFileSync(path);
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
  throw new UserError(`${path} has changed since the sweep began; put the text back`);
}

/** What names the sweep of a folder in queues: kept there, so that a sweep that goes on finds its jobs. */
function idOf({ path }: OpenSweepFolder): string {
  const file = join(path, 'queue.json');
  if (existsSync(file)) {
    const { id } = readObject(file, 'remove it, and the jobs that are on a queue are done again');
    if (typeof id === 'string') return id;
  }
  const id = randomUUID();
  writeFileSync(file, `${JSON.stringify({ id })}\n`, { flush: true });
  return id;
}
