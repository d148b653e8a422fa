import type { z } from 'zod';
import { UsageError } from '../errors.js';
import { flagOf } from '../rules.js';
import { contradictionsOf } from './contradictions.js';
import { layerOf, type SettingLayer, settingLayers, type SettingSources } from './layers.js';
import { type SettingProblem, settingProblem } from './setting-problem.js';
import { type RawSettings, type Settings, settingsSchema } from './settings.js';
import { suggestSetting } from './suggest.js';

/**
 * The settings of a run.
 *
 * @throws UsageError naming the first setting that is wrong, and its source; `keys` are the settings that it is about
 */
export function resolveSettings(sources: SettingSources): Settings {
  const { settings, problems } = resolveLeniently(sources);
  if (problems.length > 0) throw new UsageError(problems[0].message, problems[0]);
  return settings;
}

/**
 * What several sources set, as one, a preset as the settings that it stands for: the same settings follow from it where it is the only source.
 */
export function givenSettings(sources: SettingSources): RawSettings {
  const [, ...given] = settingLayers(sources);
  const raw = Object.fromEntries(given.flatMap(({ settings }) => Object.entries(settings)));
  chooseLength(raw, given);
  return Object.fromEntries(
    Object.entries(raw).filter(([key, value]) => key !== 'preset' && value !== undefined),
  );
}

/**
 * Everything that {@link resolveSettings} refuses, at once and in the same words, the one that it throws first. Where a setting has a wrong value,
 * what it would contradict isn't listed. None where a run can have these settings, as far as that is known without its text.
 */
export function settingProblems(sources: SettingSources): readonly SettingProblem[] {
  return resolveLeniently(sources).problems;
}

/**
 * The settings as far as they are right, for a form: one with a wrong value is what it would be without, and what is wrong, by
 * {@link settingProblems}.
 */
export function resolveLeniently(sources: SettingSources): {
  readonly settings: Settings;
  readonly problems: readonly SettingProblem[];
} {
  const layers = settingLayers(sources);
  const nameOf = nameIn(layers);
  const raw = Object.fromEntries(layers.flatMap(({ settings }) => Object.entries(settings)));
  const unclear = [
    ...(sources.initial === undefined ? [] : problemsOfInitial(sources.initial, layers)),
    ...chooseLength(raw, layers),
  ];
  const problems = [...unclear, ...problemsBySchema(settingsSchema, raw, nameOf)];
  const settings = settingsSchema.parse(rightOf(omit(raw, keysOf(unclear)), layers));
  const wrong = keysOf(problems);
  const contradictions = contradictionsOf(settings, nameOf).filter(
    ({ keys }) => !keys.some((key) => wrong.has(key)),
  );
  return { settings, problems: [...problems, ...contradictions] };
}

const keysOf = (problems: readonly SettingProblem[]): Set<string> =>
  new Set(problems.flatMap(({ keys }) => keys));

const omit = (raw: RawSettings, left: ReadonlySet<string>): RawSettings =>
  Object.fromEntries(Object.entries(raw).filter(([key]) => !left.has(key)));

/** The values of some settings that their rules allow: where one is wrong, what it would be without. */
function rightOf(raw: RawSettings, layers: readonly SettingLayer[]): RawSettings {
  const rules: Readonly<Record<string, z.ZodType>> = settingsSchema.shape;
  const entries = Object.keys(raw).flatMap((key) => {
    if (!Object.hasOwn(rules, key)) return [];
    const right = layers.findLast(
      ({ settings }) => Object.hasOwn(settings, key) && rules[key].safeParse(settings[key]).success,
    );
    return right === undefined ? [] : [[key, right.settings[key]] as const];
  });
  return Object.fromEntries(entries);
}

/** What the user calls a setting where it is set. */
const nameIn =
  (layers: readonly SettingLayer[]) =>
  (key: string): string =>
    layerOf(layers, key)?.nameOf(key) ?? flagOf(key);

/** What isn't as the model that the run begins with has it. */
function* problemsOfInitial(
  { path, settings }: NonNullable<SettingSources['initial']>,
  layers: readonly SettingLayer[],
): Iterable<SettingProblem> {
  for (const [key, own] of Object.entries(settings)) {
    const layer = layerOf(layers, key);
    const value = layer?.settings[key];
    if (layer === undefined || JSON.stringify(value) === JSON.stringify(own)) continue;
    const found: unknown = own ?? 'from a file';
    yield settingProblem(
      [key, 'initFrom'],
      `${layer.nameOf(key)} must be as the model of ${path} has it, ${String(found)}; got ${String(value)}; leave it out`,
    );
  }
}

/** Keeps that of steps and epochs which has the higher precedence; it is wrong when both are set in the same place. */
function chooseLength(
  raw: Record<string, unknown>,
  layers: readonly SettingLayer[],
): SettingProblem[] {
  const [epochs, maxSteps] = ['epochs', 'maxSteps'].map((key) => layerOf(layers, key));
  if (epochs === undefined) return [];
  if (epochs === maxSteps) {
    const [own, other] = ['epochs', 'maxSteps'].map(epochs.nameOf);
    const message = `${own} and ${other} both say how long the training is; leave one out`;
    return [settingProblem(['epochs', 'maxSteps'], message)];
  }
  const isLater = maxSteps !== undefined && layers.indexOf(maxSteps) > layers.indexOf(epochs);
  delete raw[isLater ? 'epochs' : 'maxSteps'];
  return [];
}

/**
 * The settings of something that reads only some of them, and others of its own.
 *
 * @throws UsageError naming the first setting that is wrong, and its source
 */
export function resolveSome<Schema extends z.ZodObject>(
  schema: Schema,
  sources: SettingSources,
): z.output<Schema> {
  const layers = settingLayers(sources);
  const raw = Object.keys(schema.shape).flatMap((key) => {
    const layer = layerOf(layers, key);
    return layer === undefined ? [] : [[key, layer.settings[key]] as const];
  });
  return checkSettings(schema, Object.fromEntries(raw), nameIn(layers));
}

/**
 * Settings by a schema, defaults filled in.
 *
 * @param nameOf - what the user calls a setting: its flag, or its path in a file
 * @throws UsageError naming the first setting that is wrong
 */
export function checkSettings<Schema extends z.ZodObject>(
  schema: Schema,
  raw: RawSettings,
  nameOf: (key: string) => string = flagOf,
): z.output<Schema> {
  const problems = problemsBySchema(schema, raw, nameOf);
  if (problems.length > 0) throw new UsageError(problems[0].message, problems[0]);
  return schema.parse(raw);
}

/** What a schema refuses, one for each setting. */
function problemsBySchema(
  schema: z.ZodObject,
  raw: RawSettings,
  nameOf: (key: string) => string,
): SettingProblem[] {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return [];
  const found = new Map<string, SettingProblem>();
  for (const issue of parsed.error.issues) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
    for (const key of unknown) {
      const likely = suggestSetting(key, Object.keys(schema.shape));
      const remedy = likely === undefined ? 'leave it out' : `did you mean ${nameOf(likely)}?`;
      found.set(key, settingProblem([], `${nameOf(key)} isn't a setting; ${remedy}`));
    }
    if (issue.code === 'unrecognized_keys') continue;
    const key = String(issue.path[0]);
    const value = raw[key];
    const got = typeof value === 'number' ? String(value) : JSON.stringify(value);
    const message = `${nameOf(key)} must be ${issue.message}; got ${got}`;
    if (!found.has(key)) found.set(key, settingProblem([key], message));
  }
  return [...found.values()];
}
