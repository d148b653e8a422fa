import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Settings } from '@llm101/runs';
import { parseJson } from '@llm101/safetensors';
import { type RunFiles, travels } from '@llm101/sweeps/bullmq';
import { readFileWithin, writeFileWholeSync } from '@llm101/training/node';
import { runFolder } from './paths.js';
import { textPlaces } from './text-of-run.js';

/** Bytes of a file that travels; there are bounds for all of them together on the way. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * The files of a run that another machine needs to go on with it, and that a run folder has at its end: of its checkpoints the newest.
 *
 * @returns none where no run was begun there
 */
export function readRunFiles(runDir: string): RunFiles {
  const { config, checkpoints } = runFolder(runDir);
  return existsSync(config) && existsSync(checkpoints) ? readWhatIsThere(runDir) : new Map();
}

/** As {@link readRunFiles}, of a run that may have failed before it had a checkpoint: it can't go on from these, and they say what came of it. */
export function readWhatIsThere(runDir: string): RunFiles {
  const { path } = runFolder(runDir);
  const files = new Map<string, Uint8Array>();
  if (!existsSync(path)) return files;
  const checkpoint = newestCheckpoint(path);
  const names = readdirSync(path).filter(travels);
  for (const name of [...names, ...(checkpoint === undefined ? [] : [checkpoint])]) {
    files.set(name, readFileWithin(join(path, name), MOST_BYTES));
  }
  return files;
}

/** The newest checkpoint of a run, by its path in the folder. */
export function newestCheckpoint(runDir: string): string | undefined {
  const { checkpoints } = runFolder(runDir);
  if (!existsSync(checkpoints)) return undefined;
  return readdirSync(checkpoints)
    .map((name) => `checkpoints/${name}`)
    .filter(travels)
    .toSorted()
    .at(-1);
}

/**
 * Makes a run's folder of files that have travelled, in place of what is there. Its config.json is made of the
 * trial's settings, with the files of this machine. Without a checkpoint it is no run that can go on.
 */
export function writeRunFiles(runDir: string, files: RunFiles, settings: Settings): void {
  const { path } = runFolder(runDir);
  const beside = `${path}.arriving`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside, { recursive: true });
  for (const [name, bytes] of files) {
    if (!travels(name)) continue;
    const to = join(beside, name);
    mkdirSync(dirname(to), { recursive: true });
    writeFileWholeSync(to, name === 'config.json' ? configOf(bytes, { runDir, settings }) : bytes);
  }
  rmSync(path, { recursive: true, force: true });
  renameSync(beside, path);
}

interface Place {
  readonly runDir: string;
  /** Of the trial, with the files of this machine. */
  readonly settings: Settings;
}

/** The config.json of a trial's settings; what came as one says what the run has made of those that are `auto`, and by which versions. */
function configOf(bytes: Uint8Array, { runDir, settings }: Place): string {
  const sent = objectOf(bytes);
  const own = Object.entries(settings).map(([key, value]) => [
    key,
    value === 'auto' && isPlain(sent[key]) ? sent[key] : value,
  ]);
  const versions = Object.entries(Object(sent['versions'])).filter(
    ([, version]) => typeof version === 'string' && version.length <= 100,
  );
  const config = {
    ...Object.fromEntries(own),
    ...textPlaces(settings.data, runDir),
    versions: Object.fromEntries(versions),
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

const isPlain = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'boolean';

function objectOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const json = parseJson(new TextDecoder().decode(bytes), { depth: 8, values: 10_000 });
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {};
  } catch {
    return {};
  }
}
