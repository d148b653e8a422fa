import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  initialSettings,
  layerOf,
  type ModelParts,
  readModel,
  resolveSettings,
  settingLayers,
  UserError,
} from '@llm101/runs';
import type { RawSettings, Settings, SettingSources } from '@llm101/runs';
import { importFolder, isFolder, isOfHuggingFace, settingsOfGPT } from './hugging-face-folder.js';
import { readModelFile } from './model-file.js';
import { type RunFolder, runFolder } from './paths.js';
import { readSettings } from './settings.js';

/** A model that a run begins with, and its file. */
export interface Initial extends ModelParts {
  readonly path: string;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/**
 * Reads the model of `--init-from`: of a run's folder, or of a model.safetensors.
 *
 * @throws UserError when there is none, or it isn't one of llm101
 */
function readInitial(path: string): Initial {
  const file = isOfHuggingFace(path)
    ? importFolder(path)
    : readModelFile(isFolder(path) ? runFolder(path).model : path);
  const sha256 = createHash('sha256').update(file).digest('hex');
  try {
    return { path: resolve(path), file, sha256, ...readModel(file) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`--init-from ${path} must be a run of llm101 or its model: ${why}`, {
      cause,
    });
  }
}

/**
 * The settings of a new run, and the model that it begins with, if any.
 *
 * @throws UsageError naming the first setting that is wrong, or isn't as the model has it
 * @throws UserError when there is no such model
 */
export function settingsOfNew(sources: SettingSources): {
  readonly settings: Settings;
  readonly initial?: Initial;
} {
  const { sources: all, initial } = withInitial(sources);
  const settings = resolveSettings(all);
  if (initial === undefined) return { settings };
  const { sha256: initSha256 } = initial;
  if (settings.initSha256 !== undefined && settings.initSha256 !== initSha256) {
    throw new UserError(
      `${settings.initFrom} isn't what the run of ${sources.file?.path} began with: its SHA-256 is ${initSha256}, not ${settings.initSha256}`,
    );
  }
  return { settings: { ...settings, initFrom: initial.path, initSha256 }, initial };
}

/**
 * The sources of a new run's settings with those of the model that it begins with, and that model, if any.
 *
 * @throws UserError when there is no such model
 */
export function withInitial(sources: SettingSources): {
  readonly sources: SettingSources;
  readonly initial?: Initial;
} {
  const path = layerOf(settingLayers(sources), 'initFrom')?.settings['initFrom'];
  if (typeof path !== 'string' || path === '') return { sources };
  const initial = readInitial(path);
  const own = { path, settings: settingsOfInitial(path, initial) };
  return { sources: { ...sources, initial: own }, initial };
}

/**
 * What the settings of a run that begins with a model must be: of a run's by the config.json that lies beside it.
 *
 * @throws UserError when there is no config.json
 */
function settingsOfInitial(path: string, initial: Initial): RawSettings {
  if (isOfHuggingFace(path)) return settingsOfGPT(initial.config, initial.tokenizer);
  const config = join(isFolder(path) ? path : dirname(path), 'config.json');
  if (!existsSync(config)) {
    throw new UserError(
      `--init-from ${path} must be a run, or lie in its folder, beside config.json; there is no ${config}`,
    );
  }
  return initialSettings(readSettings(config, 'take it from a copy'));
}

/**
 * The model that a run began with, as its folder keeps it.
 *
 * @returns nothing where it began with none
 * @throws UserError when it isn't there, or isn't what it was
 */
export function initialOfRun(
  folder: RunFolder,
  { initFrom, initSha256 }: Pick<Settings, 'initFrom' | 'initSha256'>,
): Initial | undefined {
  if (initFrom === undefined) return undefined;
  const initial = readInitial(existsSync(folder.initial) ? folder.initial : initFrom);
  if (initSha256 === undefined || initial.sha256 === initSha256) return initial;
  throw new UserError(
    `${initial.path} isn't what ${folder.path} began with: its SHA-256 is ${initial.sha256}, not ${initSha256}; take it from a copy`,
  );
}
