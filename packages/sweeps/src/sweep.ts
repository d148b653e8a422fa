import {
  type RawSettings,
  resolveLeniently,
  resolveSettings,
  type Settings,
  UsageError,
} from '@llm101/runs';
import { z } from 'zod';
import { type SamplerName, samplers } from './samplers/index.js';
import { type Point, type Space, spaceSchema } from './space/space.js';

/** What trials are compared by; losses are in nats. */
export const objectives = {
  valLoss: 'minimize',
  trainLoss: 'minimize',
  bitsPerByte: 'minimize',
  bitsPerCharacter: 'minimize',
  valAnswerAccuracy: 'maximize',
} as const;

/** What trials may be compared by. */
export type Objective = keyof typeof objectives;

const names = <Name extends string>(table: Readonly<Record<Name, unknown>>) => {
  const own = Object.keys(table) as [Name, ...Name[]];
  return z.enum(own, { error: own.join(', ').replace(/, ([^,]*)$/, ' or $1') });
};

const whole = (least: number, most: number) => {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

const halving = z.strictObject(
  {
    kind: z.literal('asha', { error: 'asha' }),
    minSteps: whole(1, Number.MAX_SAFE_INTEGER).optional(),
    reduction: whole(2, 1000).default(4),
  },
  { error: '{"kind": "asha"} or {"kind": "none"}' },
);

const scheduler = z.union([z.strictObject({ kind: z.literal('none') }), halving], {
  error: '{"kind": "asha"} or {"kind": "none"}',
});

/** Trials of a sweep, at most. */
const MOST_TRIALS = 1_000_000;

/** The rule of a sweep's file, `sweep.json`. */
const sweepSchema = z.strictObject({
  version: z.literal(1, { error: '1' }).default(1),
  settings: z.record(z.string(), z.unknown(), { error: 'an object of settings' }).default({}),
  space: spaceSchema,
  sampler: names(samplers).optional(),
  scheduler: scheduler.default({ kind: 'none' }),
  objective: names(objectives).default('valLoss'),
  direction: z.enum(['minimize', 'maximize'], { error: 'minimize or maximize' }).optional(),
  seed: whole(0, 0xffff_ffff).default(101),
  seeds: whole(1, 1000).default(1),
  trials: whole(1, MOST_TRIALS).optional(),
  maxTotalSteps: whole(1, Number.MAX_SAFE_INTEGER).optional(),
  inFlight: whole(1, 100_000).default(8),
  texts: z
    .record(z.string(), z.string().regex(/^[0-9a-f]{64}$/, { error: 'a SHA-256' }), {
      error: 'an object of SHA-256s by the names of texts',
    })
    .optional(),
});

/** A sweep: what is varied, how, and how much of it; {@link parseSweep} makes one. It is plain data. */
export interface Sweep {
  readonly version: 1;
  /** What all trials have, of the settings of a run. */
  readonly settings: RawSettings;
  readonly space: Space;
  readonly sampler: SamplerName;
  /** Whether all trials run to their end, or the best go on. */
  readonly scheduler:
    | { readonly kind: 'none' }
    | {
        readonly kind: 'asha';
        /** Steps of the first pause. Default: so many that there are three pauses. */
        readonly minSteps?: number | undefined;
        /** Of as many one goes on. */
        readonly reduction: number;
      };
  readonly objective: Objective;
  readonly direction: 'minimize' | 'maximize';
  /** Of the points that are drawn. */
  readonly seed: number;
  /** Runs of each point, each with another seed. */
  readonly seeds: number;
  /** Points that are tried at most. */
  readonly trials?: number | undefined;
  /** Steps of all trials together, at most. */
  readonly maxTotalSteps?: number | undefined;
  /** Trials of which a decision that depends on results knows none yet. */
  readonly inFlight: number;
  /** SHA-256 of each text, by the name that `data` has. */
  readonly texts?: Readonly<Record<string, string>> | undefined;
}

/** A sweep as it is written, not yet checked. */
export type RawSweep = Readonly<Record<string, unknown>>;

/** Trials where no number is given and not all combinations are tried. */
const TRIALS = 20;

/**
 * A sweep, checked, defaults filled in. Without a sampler it tries every combination where each setting has a list of values and no number of
 * trials is given, and otherwise draws points at random.
 *
 * @param raw - what a file holds
 * @param where - what an error calls it. Default: `the sweep`
 * @throws UsageError naming the first thing that is wrong
 */
export function parseSweep(raw: RawSweep, where = 'the sweep'): Sweep {
  const { space = {} } = raw;
  if (Object.hasOwn(Object(space), '__proto__')) {
    throw new UsageError(`${where}: space.__proto__ isn't the name of a setting; leave it out`);
  }
  const parsed = sweepSchema.safeParse(raw);
  if (!parsed.success) throw new UsageError(problemOf(parsed.error.issues[0], raw, where));
  const { data } = parsed;
  const dimensions = Object.entries(data.space);
  const range = dimensions.find(([, dimension]) => !('choice' in dimension));
  const { sampler = range === undefined && data.trials === undefined ? 'grid' : 'random' } = data;
  if (samplers[sampler].needsLists && range !== undefined) {
    throw new UsageError(
      `${where}: space.${range[0]} must be a choice, as the sampler is ${sampler}; got a range; list its values, or take random or tpe`,
    );
  }
  const {
    direction = objectives[data.objective],
    trials = sampler === 'grid' ? undefined : TRIALS,
  } = data;
  const points = range === undefined ? sizeOf(data.space) : Infinity;
  if (sampler === 'grid' && trials === undefined && points > MOST_TRIALS) {
    throw new UsageError(
      `${where}: a grid must have at most ${MOST_TRIALS} combinations; got ${points}; list fewer values, or say how many trials`,
    );
  }
  const sweep = { ...data, sampler, direction, trials };
  checkSettings(sweep, where);
  return sweep;
}

/** Combinations of all lists, conditions aside. */
const sizeOf = (space: Sweep['space']): number =>
  Object.values(space).reduce(
    (size, dimension) => size * ('choice' in dimension ? dimension.choice.length : 1),
    1,
  );

function problemOf(issue: z.core.$ZodIssue, raw: RawSweep, where: string): string {
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0]].join('.');
    return `${where}: ${path} isn't known here; leave it out, or move a setting that all trials have into "settings"`;
  }
  const found = issue.path.reduce<unknown>((value, key) => Object(value)[key], raw);
  const got = found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 200);
  return `${where}: ${issue.path.join('.') || 'it'} must be ${issue.message}; got ${got}`;
}

/** What a space can't go with. */
function checkSettings(sweep: Sweep, where: string): void {
  const { settings, space, seeds, scheduler: own } = sweep;
  const isVaried = (name: string): boolean => Object.hasOwn(space, name);
  if (seeds > 1 && isVaried('seed')) {
    throw new UsageError(
      `${where}: seeds repeats every trial with other seeds, and space.seed varies the seed; got both, leave one out`,
    );
  }
  for (const [name, values] of [['shards', valuesOf(sweep, 'shards')]] as const) {
    if (values.includes('auto')) {
      throw new UsageError(
        `${where}: ${name} must be a number, as auto is another on other machines and so are the results; got auto`,
      );
    }
  }
  const device = valuesOf(sweep, 'device').find((value) => value !== undefined && value !== 'wasm');
  if (device !== undefined) {
    throw new UsageError(
      `${where}: device must be wasm, as trials side by side would share one GPU, and each has the bytes that it has anywhere; got ${JSON.stringify(device)}; ` +
        'train the best on it by llm101 train --device webgpu',
    );
  }
  if (
    sweep.maxTotalSteps !== undefined &&
    (isVaried('epochs') || settings['epochs'] !== undefined)
  ) {
    throw new UsageError(
      `${where}: maxTotalSteps counts steps, and the trials have epochs; say maxSteps in place of epochs, or leave out maxTotalSteps`,
    );
  }
  if (own.kind === 'none') return;
  for (const name of ['maxSteps', 'epochs', 'valInterval']) {
    if (isVaried(name) || (name === 'epochs' && settings['epochs'] !== undefined)) {
      throw new UsageError(
        `${where}: with the scheduler asha all trials must have the same maxSteps and valInterval; got ${name}; leave it out, or the scheduler`,
      );
    }
  }
  const { settings: resolved } = resolveLeniently({ flags: settings });
  if (resolved.valInterval === 0) {
    throw new UsageError(
      `${where}: the scheduler asha compares validations, so that valInterval must be at least 1; got 0`,
    );
  }
  if (valuesOf(sweep, 'checkpointInterval').includes(0)) {
    throw new UsageError(
      `${where}: with the scheduler asha trials go on from their checkpoints, so that checkpointInterval must be at least 1; got 0`,
    );
  }
  if (own.minSteps !== undefined && own.minSteps >= resolved.maxSteps) {
    throw new UsageError(
      `${where}: scheduler.minSteps must be below maxSteps, ${resolved.maxSteps}; got ${own.minSteps}`,
    );
  }
}

const valuesOf = ({ settings, space }: Sweep, name: string): readonly unknown[] => {
  if (!Object.hasOwn(space, name)) return [settings[name]];
  const dimension = space[name];
  return 'choice' in dimension ? dimension.choice : [];
};

/** The settings of a trial. */
export interface TrialSettingsOptions {
  /** What its settings are at this point. */
  readonly point: Point;
  /** How many seeds it is after the first. Default: 0. */
  readonly repetition?: number;
}

/**
 * The settings of a trial's run: those of the sweep, the point's, and its seed.
 *
 * @throws UsageError when a run can't have them
 */
export function settingsOfTrial(sweep: Sweep, options: TrialSettingsOptions): Settings {
  const settings = resolveSettings({ flags: flagsOfTrial(sweep, options) });
  const { data, answerAfter } = settings;
  if (sweep.objective === 'valAnswerAccuracy' && answerAfter === 'none') {
    throw new UsageError(
      'valAnswerAccuracy is of lines with answers; pass answerAfter, or compare trials by another objective',
    );
  }
  const { texts = {} } = sweep;
  return Object.hasOwn(texts, data) ? { ...settings, dataSha256: texts[data] } : settings;
}

function flagsOfTrial(
  { settings, seeds }: Sweep,
  { point, repetition = 0 }: TrialSettingsOptions,
): RawSettings {
  const flags: Record<string, unknown> = { ...settings, ...point };
  if (Object.hasOwn(point, 'epochs')) delete flags['maxSteps'];
  if (Object.hasOwn(point, 'maxSteps')) delete flags['epochs'];
  if (seeds === 1) return flags;
  const { seed } = resolveLeniently({ flags }).settings;
  return { ...flags, seed: seed + repetition };
}
