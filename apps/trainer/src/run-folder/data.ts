import { describeText, type LoadedText, type TextTokenizer } from '@llm101/data';
import { initialTokenizer, modelConfigOf, prepareData, UserError } from '@llm101/runs';
import type { DataSettings, PreparedData, SavedModel, Settings, SplitSettings } from '@llm101/runs';
import type { Output } from '../terminal/output.js';
import { describeParts } from './describe-data.js';
import { type ModelOfRun, openModelOfRun } from './model-file.js';
import { type RunFolder, runFolder } from './paths.js';
import { type LoadingOptions, loadData } from './load-data.js';
import { readSettings } from './settings.js';
import { readTokenizer } from './tokenizer-file.js';
import {
  loadTextOfRun,
  type RecordedText,
  runOfConfig,
  type TextOfRunOptions,
} from './text-of-run.js';

/** Where {@link loadAndSplit} finds a text. */
export interface SplitOptions extends LoadingOptions {
  /** What the run begins with, whose tokenizer it has. */
  readonly initial?: Pick<SavedModel, 'tokenizer'> | undefined;
  /** The file that names the text: where it is a run's config.json, the text is found as that run's. */
  readonly config?: string | undefined;
}

/** Loads the text that settings name, and splits it. */
export async function loadAndSplit(
  settings: DataSettings & RecordedText & InitialSettings,
  { config, initial, ...loading }: SplitOptions,
): Promise<PreparedData> {
  // a hash comes from the file that names the text, never from a flag
  const isRepeated = config !== undefined && settings.dataSha256 !== undefined;
  if (isRepeated && initial === undefined) {
    return splitTextOfRun(runOfConfig(config), settings, loading);
  }
  const loaded = isRepeated
    ? await loadTextOfRun(runOfConfig(config), settings, loading)
    : await loadData(settings.data, loading);
  if (initial === undefined) {
    return prepare(settings, loaded, { ...loading, tokenizer: settings.tokenizerFile });
  }
  const { growVocabulary = false } = settings;
  const given = initialTokenizer(initial.tokenizer, loaded, { ...settings, growVocabulary });
  return prepare(settings, loaded, { ...loading, given });
}

/** What of the settings says that a run begins with a model. */
type InitialSettings = Partial<Pick<Settings, 'initFrom' | 'growVocabulary'>>;

/** Loads the text of a run, wherever it is now, and splits it. */
export async function splitTextOfRun(
  run: RunFolder,
  settings: DataSettings & RecordedText & InitialSettings,
  options: TextOfRunOptions,
): Promise<PreparedData> {
  const loaded = await loadTextOfRun(run, settings, options);
  return prepare(settings, loaded, { ...options, tokenizer: run.tokenizer });
}

interface PrepareOptions extends LoadingOptions {
  /** The file of the tokenizer, where the settings say that it is in one. */
  readonly tokenizer?: string | undefined;
  readonly given?: TextTokenizer | undefined;
}

/** Splits a text, and says what would make more of it. */
function prepare(
  settings: DataSettings & InitialSettings,
  loaded: LoadedText,
  { output, tokenizer, ...options }: PrepareOptions,
): PreparedData {
  const { tokenizerFile, initFrom } = settings;
  const isInFile =
    (tokenizerFile !== undefined || initFrom !== undefined) && tokenizer !== undefined;
  const given = options.given ?? (isInFile ? readTokenizer(tokenizer, settings) : undefined);
  const prepared = prepareData(settings, loaded, given);
  for (const hint of prepared.hints) output.note(`${loaded.name}: ${hint}`);
  return prepared;
}

/** A text that is split, and a network that has learned from its first part. */
export interface HeldOut {
  readonly data: PreparedData;
  readonly network: ModelOfRun | undefined;
}

/** Where {@link loadHeldOut} looks. */
export interface HeldOutOptions {
  /** The folder of a run: its text, split and alphabet are used, not those of the settings. */
  readonly model?: string | undefined;
  /** Where the run's text is now. */
  readonly data?: string | undefined;
  /** The file that names the text, where there is no run. */
  readonly config?: string | undefined;
  /** Threads that compute. */
  readonly workers: Settings['workers'];
  readonly output: Output;
}

/** Loads and splits a text, as a run did or by the settings, and prints its size. */
export async function loadHeldOut(
  settings: SplitSettings,
  { model, data, config, output }: Omit<HeldOutOptions, 'workers'>,
): Promise<HeldOut> {
  const heldOut =
    model === undefined
      ? { data: await loadAndSplit(settings, { config, output }), network: undefined }
      : await dataAndModelOf(model, { data, output });
  const { data: found } = heldOut;
  output.print(`${describeText(found.loaded)}; ${describeParts(found)}`);
  return heldOut;
}

async function dataAndModelOf(path: string, options: TextOfRunOptions): Promise<HeldOut> {
  const run = runFolder(path);
  const network = await openModelOfRun(path);
  const remedy = `take ${run.config} from a copy`;
  return { data: await dataOfRun(run, network, { ...options, remedy }), network };
}

/**
 * The text of a run, split as its config.json says.
 *
 * @param remedy - what to do when config.json and model don't belong together
 * @throws UserError when the two aren't of one run
 */
export async function dataOfRun(
  run: RunFolder,
  { config: ofModel, tokenizer }: SavedModel,
  { remedy, ...options }: TextOfRunOptions & { readonly remedy: string },
): Promise<PreparedData> {
  const { path, config } = run;
  const settings = readSettings(config, remedy);
  const check = (what: string, says: unknown, has: unknown): void => {
    if (says === has) return;
    throw new UserError(
      `${path}: config.json and model.safetensors must be of one run; ${what} is ${String(says)} in the one and ` +
        `${String(has)} in the other; ${remedy}`,
    );
  };
  const { type, ...sizes } = modelConfigOf(settings, tokenizer.vocabSize);
  check('model', type, ofModel.type);
  const own: Readonly<Record<string, unknown>> = { ...ofModel };
  for (const [name, size] of Object.entries(sizes)) check(name, size, own[name]);
  // before a text is fetched that another alphabet would refuse
  const { alphabet } = settings;
  if (alphabet !== 'auto' && settings.normalize === 'none' && tokenizer.alphabet !== '') {
    check('alphabet', alphabet, tokenizer.alphabet);
  }

  const data = await splitTextOfRun(run, settings, options);
  check('alphabet', data.tokenizer.alphabet, tokenizer.alphabet);
  check('tokenizer', JSON.stringify(data.tokenizer), JSON.stringify(tokenizer));
  return data;
}
