import { optimizerKinds } from '../optimizers.js';
import { isFitted } from '../schedules.js';
import { tokenizerNames } from '../text/tokenizers.js';
import type { RawSettings } from './settings.js';

/**
 * Settings that may be others where a run resumes: how long it trains, on how many cores, on which device, and what is measured, logged and kept.
 * All others decide the weights of the next step, and stay.
 */
const CHANGEABLE = [
  'workers',
  'device',
  'maxSteps',
  'valInterval',
  'logInterval',
  'watchInterval',
  'sampleInterval',
  'checkpointInterval',
  'patience',
  'minDelta',
] as const;

/** Settings that decide a run's weights and that 0.1.0 hadn't, as it computed; a preset may have others now. */
export const laterSettings: RawSettings = {
  shards: 1,
  accumulate: 1,
  packedRows: 1,
  muonMomentum: 0.95,
  muonRate: 'match-rms-adamw',
  averageWeights: 0,
  examples: 'lines',
  split: 'position',
  order: 'random',
  vocabSize: 1024,
  growVocabulary: false,
  answerAfter: 'none',
  trainShare: 1,
};

/**
 * The settings that decide a run's weights step by step, besides its text, by what they mean: one that isn't set has its
 * default, and a preset is the settings that it stands for.
 *
 * @param settings - checked, defaults filled in
 */
export function decisiveSettings(settings: RawSettings): RawSettings {
  const kinds: Readonly<Record<string, { readonly weightDecay?: number }>> = optimizerKinds;
  const { tokenizer = tokenizerNames[0], normalize = 'none', optimizer } = settings;
  const { weightDecay = kinds[String(optimizer)]?.weightDecay ?? 0 } = settings;
  const { examples = 'lines', valBatches } = settings;
  // validations by random batches draw from the stream that the training batches are drawn from; those of lines draw nothing
  const drawn = examples === 'blocks' && Number(valBatches) > 0 ? ['valInterval'] : [];
  const leftOut = new Set<string>([...CHANGEABLE, 'preset', 'data', 'dataSha256', 'initFrom']);
  for (const key of drawn) leftOut.delete(key);
  if (examples === 'lines') leftOut.add('valBatches');
  return Object.fromEntries(
    Object.entries({ ...settings, tokenizer, normalize, weightDecay }).filter(
      ([key, value]) => value !== undefined && !leftOut.has(key) && laterSettings[key] !== value, // a run from before keeps its hash
    ),
  );
}

/**
 * What keeps a run from resuming with other settings: `lr is 0.1, not 0.2`, what it has first. Empty where it can.
 *
 * @param before - the run's settings, checked, defaults filled in
 * @param now - those that it should resume with
 * @param nameOf - what the user calls a setting
 */
export function resumeObstacles(
  before: RawSettings,
  now: RawSettings,
  nameOf: (key: string) => string = (key) => key,
): string[] {
  const compare = (key: string, was: unknown, is: unknown, why?: string): string[] =>
    JSON.stringify(was) === JSON.stringify(is)
      ? []
      : [
          `${nameOf(key)} is ${shown(was)}, not ${shown(is)}${why === undefined ? '' : ` (${why})`}`,
        ];
  // shards that are to be chosen are those that the run has
  const shards = now['shards'] === 'auto' ? before['shards'] : now['shards'];
  const [own, wanted] = [before, { ...now, shards }].map(decisiveSettings);
  const keys = new Set([...Object.keys(own), ...Object.keys(wanted)]);
  // a text is the same wherever it lies
  const text = [before, now].every(({ dataSha256 }) => dataSha256 !== undefined)
    ? 'dataSha256'
    : 'data';
  return [
    ...compare(text, before[text], now[text]),
    ...[...keys].flatMap((key) => {
      const initial = laterSettings[key];
      return compare(key, own[key] ?? initial, wanted[key] ?? initial);
    }),
    ...(isFitted(before)
      ? compare('maxSteps', before['maxSteps'], now['maxSteps'], fitted(before))
      : []),
    ...(isPatient(before) === isPatient(now)
      ? []
      : compare('patience', before['patience'], now['patience'], PATIENCE)),
  ];
}

const fitted = ({ schedule }: RawSettings): string =>
  `the rates of its ${String(schedule)} schedule are laid out for all steps, from the first on`;

const PATIENCE = 'the best weights are kept with a patience alone, from the first validation on';

const isPatient = ({ patience }: RawSettings): boolean => Number(patience ?? 0) > 0;

const shown = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));
