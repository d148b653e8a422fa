import { UserError } from '../errors.js';
import { modelKinds } from '../models/index.js';
import type { ModelKind } from '../models/model-kind.js';
import { hasMean } from '../optimizers.js';
import { flagOf } from '../rules.js';
import { warmupOf } from '../schedules.js';
import { isRead, namesOfReaders, readers } from './readers.js';
import { type SettingProblem, settingProblem } from './setting-problem.js';
import { defaultSettings, type RawSettings, type Settings } from './settings.js';

/** What the user calls a setting. */
type NameOf = (key: string) => string;

/**
 * What is wrong with settings that are each right: some that aren't read at all, or lack others.
 *
 * @param nameOf - what the user calls a setting
 */
export function contradictionsOf(settings: Settings, nameOf: NameOf = flagOf): SettingProblem[] {
  return [
    ...unread(settings, nameOf),
    ...ofTokenizer(settings, nameOf),
    ...tooManyParts(settings, nameOf),
    ...ofDevice(settings, nameOf),
    ...ofTraining(settings, nameOf),
    ...ofWarmup(settings, nameOf),
    ...ofSizes(settings),
  ];
}

/** What a setting may also be where it isn't read. */
const NEUTRAL: RawSettings = { alphabet: 'auto' };

function* unread(settings: Settings, nameOf: NameOf): Iterable<SettingProblem> {
  for (const [key, read] of readers) {
    const name = key as keyof Settings;
    const value = settings[name];
    if (value === defaultSettings[name] || value === NEUTRAL[key]) continue;
    if (isRead(key, settings)) continue;
    const { by } = read;
    const got = read.kinds.has(String(settings[by])) ? 'examples' : by;
    yield settingProblem(
      [name, got],
      `${nameOf(key)} is for ${nameOf(by)} ${namesOfReaders(read)}; ` +
        `got ${nameOf(got)} ${settings[got] ?? 'characters'}`,
    );
  }
}

function* ofTokenizer(
  { tokenizerFile, tokenizer, initFrom }: Settings,
  nameOf: NameOf,
): Iterable<SettingProblem> {
  if (tokenizerFile === undefined) return;
  if (initFrom !== undefined) {
    yield settingProblem(
      ['tokenizerFile', 'initFrom'],
      `${nameOf('tokenizerFile')} is for a run that begins anew, as the model of ${nameOf('initFrom')} has a tokenizer; leave it out`,
    );
  }
  if (tokenizer !== undefined) {
    yield settingProblem(
      ['tokenizerFile', 'tokenizer'],
      `${nameOf('tokenizerFile')} takes the place of ${nameOf('tokenizer')}; got both, leave one out`,
    );
  }
}

/** Each part of a batch needs a row of its own. */
function* tooManyParts(settings: Settings, nameOf: NameOf): Iterable<SettingProblem> {
  const { shards, accumulate, model } = settings;
  const rowsSetting = modelKinds[model].examples.rowsSetting(settings);
  const [parts, rows] = [(shards === 'auto' ? 1 : shards) * accumulate, settings[rowsSetting]];
  if (parts <= rows) return;
  const written = (['shards', 'accumulate'] as const).filter((key) => Number(settings[key]) > 1);
  yield settingProblem(
    [...written, rowsSetting],
    `${written.map(nameOf).join(' times ')} must be at most ${nameOf(rowsSetting)}, a row for each part of a batch; ` +
      `got ${parts} of ${rows}`,
  );
}

/** A GPU has whole steps alone, compiled. */
function* ofDevice(settings: Settings, nameOf: NameOf): Iterable<SettingProblem> {
  const { device, shards, accumulate, compile } = settings;
  if (device !== 'webgpu') return;
  const whole = `${nameOf('device')} webgpu computes batches as a whole`;
  if (shards !== 'auto' && shards > 1) {
    yield settingProblem(
      ['device', 'shards'],
      `${whole}; got ${nameOf('shards')} ${shards}, which is for wasm`,
    );
  }
  if (accumulate > 1) {
    yield settingProblem(
      ['device', 'accumulate'],
      `${whole}; got ${nameOf('accumulate')} ${accumulate}, which is for wasm`,
    );
  }
  if (compile) return;
  yield settingProblem(
    ['device', 'compile'],
    `${nameOf('device')} webgpu needs compiled steps; got ${nameOf('compile')} false, which is for wasm`,
  );
}

function* ofTraining(settings: Settings, nameOf: NameOf): Iterable<SettingProblem> {
  const { optimizer } = settings;
  if (settings.nesterov && settings.momentum === 0) {
    yield settingProblem(
      ['nesterov', 'momentum'],
      `${nameOf('nesterov')} needs a ${nameOf('momentum')} above 0; got 0, try 0.9`,
    );
  }
  if (settings.patience > 0 && settings.valInterval === 0) {
    yield settingProblem(
      ['patience', 'valInterval'],
      `${nameOf('patience')} needs validations; got ${nameOf('valInterval')} 0, try 100`,
    );
  }
  if (settings.averageWeights > 0 && hasMean(settings)) {
    yield settingProblem(
      ['averageWeights', 'optimizer'],
      `${nameOf('averageWeights')} is for optimizers without a mean of weights of their own; got ${nameOf('optimizer')} ${optimizer}`,
    );
  }
  if (settings.growVocabulary && settings.initFrom === undefined) {
    yield settingProblem(
      ['growVocabulary', 'initFrom'],
      `${nameOf('growVocabulary')} is for a run that begins with a model; pass ${nameOf('initFrom')} too, or leave it out`,
    );
  }
  if (hasMean(settings) && settings.beta1 === 0) {
    yield settingProblem(
      ['beta1', 'optimizer'],
      `${nameOf('beta1')} of ${nameOf('optimizer')} ${optimizer} must be above 0, as it divides by it; got 0`,
    );
  }
}

function* ofWarmup(settings: Settings, nameOf: NameOf): Iterable<SettingProblem> {
  const isOpen = settings.epochs !== undefined; // how many steps it has, and so a share of them, is known with the text
  for (const name of ['decaySteps', 'maxSteps'] as const) {
    if (isOpen && (name === 'maxSteps' || typeof settings.warmupSteps === 'string')) continue;
    const most = settings[name] ?? Infinity;
    if (warmupOf(settings) < most) continue;
    yield settingProblem(
      ['warmupSteps', name],
      `${nameOf('warmupSteps')} must be below ${nameOf(name)}; got ${settings.warmupSteps} of ${most}`,
    );
    return;
  }
}

/**
 * What is wrong with the sizes of the model, whatever its vocabulary: known before a text is read. The kind throws the first; those after it
 * are what it throws with that one's settings left at their defaults.
 */
function* ofSizes(settings: Settings): Iterable<SettingProblem> {
  const kind: Pick<
    ModelKind<{ readonly vocabSize: number }, Settings>,
    'sizesOf' | 'defaults'
  > = modelKinds[settings.model];
  const initial: RawSettings = { ...defaultSettings, ...kind.defaults };
  const left = new Set<string>();
  const rest = { ...settings };
  for (;;) {
    const found = problemOf(() => kind.sizesOf(rest, 2));
    if (found === undefined) return;
    const keys = found.keys.filter((key) => key !== 'model');
    const others = keys.filter((key) => !left.has(key));
    if (others.length === keys.length) yield found;
    if (others.length === 0) return;
    for (const key of keys) left.add(key);
    Object.assign(rest, Object.fromEntries(keys.map((key) => [key, initial[key]])));
  }
}

function problemOf(check: () => void): SettingProblem | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return settingProblem(error.keys, error.message);
    throw error;
  }
}
