import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { dataSetOf } from '@llm101/data';
import { textPieces } from '@llm101/data/node';
import {
  givenSettings,
  type RawSettings,
  resolveLeniently,
  type SettingSources,
  UsageError,
} from '@llm101/runs';
import { parseSweep, type Sweep, sweepPreset, sweepPresets } from '@llm101/sweeps';
import { withInitial } from '../../run-folder/initial.js';
import { readObject } from '../../terminal/config-file.js';
import type { Output } from '../../terminal/output.js';
import { spaceOf } from './vary.js';

/** What is varied, and how; each stands for a field of a sweep's file. */
export interface SweepFlags {
  readonly vary?: readonly string[];
  readonly sampler?: string;
  readonly trials?: number;
  readonly seeds?: number;
  readonly objective?: string;
  readonly maximize?: boolean;
  readonly scheduler?: string;
  readonly minSteps?: number;
  readonly reduction?: number;
  readonly inFlight?: number;
  readonly maxTotalSteps?: number;
  readonly sweepSeed?: number;
}

/** What {@link planSweep} needs. */
export interface PlanSweepOptions extends SweepFlags {
  readonly sources: SettingSources;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/**
 * A new sweep of a file and of flags, which come before it, and the hashes of its texts.
 *
 * @throws UsageError naming the first thing that is wrong
 */
export async function planSweep(
  file: string | undefined,
  options: PlanSweepOptions,
): Promise<{ readonly sweep: Sweep; readonly name: string }> {
  const raw = file === undefined ? {} : sweepOf(file);
  const parsed = parseSweep(
    { ...raw, ...fieldsOf(options, raw), settings: settingsOf(raw, file, options) },
    file ?? 'the sweep',
  );
  const sweep = { ...parsed, space: withAbsolutePaths(parsed.space) };
  if (Object.keys(sweep.space).length === 0 && sweep.seeds === 1) {
    throw new UsageError(
      'a sweep must vary something; name a file, or settings by --vary lr=0.1,0.01, or repeat a run by --seeds 3',
    );
  }
  const texts = await hashesOf(sweep, options);
  const { model } = resolveLeniently({ flags: sweep.settings }).settings;
  const name = file === undefined ? model : basename(file, extname(file));
  return { sweep: { ...sweep, texts }, name };
}

/** The sweep of a file, or where there is none one that has a name. */
function sweepOf(file: string): RawSettings {
  const preset = existsSync(file) ? undefined : sweepPreset(file);
  const remedy = `name a file of a sweep, or one of ${Object.keys(sweepPresets).join(', ')}`;
  return preset ?? readObject(file, remedy);
}

/** The flags as fields of a sweep's file. */
function fieldsOf(flags: SweepFlags, raw: RawSettings): RawSettings {
  const { vary = [], sampler, trials, seeds, objective, maximize, inFlight, maxTotalSteps } = flags;
  const { scheduler, minSteps, reduction, sweepSeed: seed } = flags;
  const kind = scheduler ?? ((minSteps ?? reduction) === undefined ? undefined : 'asha');
  const halving = Object.entries({ kind, minSteps, reduction }).filter(
    ([, value]) => value !== undefined,
  );
  const fields = {
    space: { ...Object(raw['space'] ?? {}), ...spaceOf(vary) },
    sampler,
    trials,
    seeds,
    objective,
    direction: maximize === true ? 'maximize' : undefined,
    inFlight,
    maxTotalSteps,
    seed,
    scheduler:
      halving.length === 0
        ? undefined
        : { ...Object(raw['scheduler']), ...Object.fromEntries(halving) },
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What all trials have. Paths hold wherever the sweep goes on. */
function settingsOf(
  raw: RawSettings,
  file: string | undefined,
  { sources }: PlanSweepOptions,
): RawSettings {
  const given = raw['settings'];
  if (
    given !== undefined &&
    (typeof given !== 'object' || given === null || Array.isArray(given))
  ) {
    throw new UsageError(
      `${file ?? 'the sweep'}: settings must be an object of settings; got ${JSON.stringify(given).slice(0, 200)}`,
    );
  }
  const own =
    typeof raw['settings'] === 'object'
      ? { ...sources.file?.settings, ...raw['settings'] }
      : sources.file?.settings;
  const path = file ?? sources.file?.path;
  const all = {
    ...sources,
    file: own === undefined || path === undefined ? undefined : { path, settings: own },
  };
  const settings = givenSettings(withInitial(all).sources);
  const paths = PATHS.flatMap((key) => {
    const value = settings[key];
    return typeof value === 'string' ? [[key, absolute(value, key)] as const] : [];
  });
  const { dataSha256: _, ...rest } = settings;
  return { ...rest, ...Object.fromEntries(paths) };
}

/** Settings that are paths. */
const PATHS = ['data', 'initFrom', 'tokenizerFile'];

/** A space whose paths hold wherever the sweep goes on. */
function withAbsolutePaths(space: Sweep['space']): Sweep['space'] {
  return Object.fromEntries(
    Object.entries(space).map(([key, dimension]) => {
      if (!PATHS.includes(key) || !('choice' in dimension)) return [key, dimension];
      const choice = dimension.choice.map((value) =>
        typeof value === 'string' ? absolute(value, key) : value,
      );
      return [key, { ...dimension, choice }];
    }),
  );
}

/** The path of a file or a folder as it is from everywhere; the name of a data set, and a URL, as they are. */
function absolute(value: string, key: string): string {
  if (key === 'data' && dataSetOf(value) !== undefined) return value;
  return existsSync(value) ? resolve(value) : value;
}

/** The SHA-256 of each text, so that all trials have the same. */
async function hashesOf(
  { settings, space }: Sweep,
  { output, signal }: PlanSweepOptions,
): Promise<Record<string, string>> {
  const dimension = Object.hasOwn(space, 'data') ? space['data'] : undefined;
  const names =
    dimension !== undefined && 'choice' in dimension
      ? dimension.choice.map(String)
      : [resolveLeniently({ flags: settings }).settings.data];
  if (names.includes('-')) {
    throw new UsageError(
      'a sweep reads its text once for each trial; --data must be a file, a folder or the name of a data set; got -',
    );
  }
  const hashes: Record<string, string> = {};
  for (const name of names) {
    const progress = output.progress(`reading ${name}`);
    const pieces = textPieces(name, { onProgress: progress.update, signal });
    try {
      for await (const piece of pieces) void piece;
      hashes[name] = pieces.summary().sha256;
    } finally {
      progress.end();
      await pieces.close();
    }
  }
  return hashes;
}
