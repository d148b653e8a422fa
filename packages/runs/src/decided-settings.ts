import { UserError } from './errors.js';
import { type ModelConfig, modelKinds } from './models/index.js';
import type { ModelKind } from './models/model-kind.js';
import { sizesOfRun } from './run-sizes.js';
import { contradictionsOf } from './settings/contradictions.js';
import type { Settings } from './settings/settings.js';
import type { PreparedData } from './text/prepare-data.js';
import { tokenCount } from './text/text-part.js';

/** The kind's rule for any model of the registry. */
export type AnyKind = Omit<ModelKind<{ readonly vocabSize: number }, Settings>, 'reads'>;

/** What computes steps. */
export type Device = Exclude<Settings['device'], 'auto'>;

/** Settings of a run, nothing in them that decides its weights left open. */
export type RunSettings = Settings & {
  readonly shards: number;
  readonly valBatches: number;
  readonly device: Device;
};

/**
 * The settings with `maxSteps` from `epochs`.
 *
 * @param passLength - how many steps a pass has
 * @throws UserError when the warm-up is longer
 */
export function withSteps(
  { epochs, ...settings }: RunSettings,
  passLength: () => number,
): RunSettings {
  if (epochs === undefined) return settings;
  const pass = passLength();
  const counted = { ...settings, maxSteps: Math.ceil(epochs * pass) };
  if (!Number.isSafeInteger(counted.maxSteps)) {
    throw new UserError(
      `--epochs must be fewer than the steps that can be counted; got ${epochs}, of ${pass} steps each; choose fewer`,
      { keys: ['epochs'] },
    );
  }
  const problems = contradictionsOf(counted);
  if (problems.length > 0) throw new UserError(problems[0].message, problems[0]);
  return counted;
}

/** Whether examples are drawn with replacement, so that a pass has no end: it is said to have as many targets as the text has tokens. */
export const isRandom = ({ order }: Pick<Settings, 'order'>, { examples }: PreparedData): boolean =>
  examples === 'blocks' && order === 'random';

/**
 * The settings of a run with what they leave to its text and to the machine: shards, the batches of a validation, the text's hash. A device
 * that they leave open is wasm: whoever has a GPU decides before. Only how many steps its `epochs` are is known with its batches.
 */
export function decidedSettings(settings: Settings, data: PreparedData): RunSettings {
  const config = modelConfigOf(settings, data.tokenizer.vocabSize);
  const { shards } = sizesOfRun(settings, config, data);
  const targets = targetsOf(modelKinds[settings.model], settings, data);
  const valBatches = chooseValBatches(settings, data, targets);
  const device = settings.device === 'auto' ? 'wasm' : settings.device;
  return { ...settings, shards, valBatches, device, dataSha256: data.loaded.sha256 };
}

/** Targets of a batch. */
export function targetsOf({ examples }: AnyKind, settings: Settings, data?: PreparedData): number {
  return examples.batchTargets?.(settings) ?? examples.batchRows(settings, data);
}

/** Tokens up to which a text is scored as a whole, where nothing else is said. */
export const MOST_SCORED = 2 ** 18;

/** Targets of a validation that doesn't. */
const SCORED = 2 ** 16;

/**
 * The batches of a validation: as many as the settings say; where they leave it open, none for a short text, which is scored as a whole.
 *
 * @param targets - of a batch
 */
function chooseValBatches({ valBatches }: Settings, data: PreparedData, targets: number): number {
  if (valBatches !== 'auto') return valBatches;
  if (tokenCount(data.val) <= MOST_SCORED) return 0;
  return Math.ceil(SCORED / targets);
}

/** The config of the model that the settings ask for. */
export function modelConfigOf(settings: Settings, vocabSize: number): ModelConfig {
  const kind: AnyKind = modelKinds[settings.model];
  return { type: settings.model, ...kind.sizesOf(settings, vocabSize) } as ModelConfig;
}
