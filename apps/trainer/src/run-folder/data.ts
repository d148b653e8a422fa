import { isDeepStrictEqual } from 'node:util';
import { describeText, type TextTokenizer } from '@llm101/data';
import type { TokenizerFit } from '@llm101/data';
import { fitInitial, modelConfigOf, splitData, tokenizerFor, UserError } from '@llm101/runs';
import type {
  DataSettings,
  PreparedData,
  SavedModel,
  Settings,
  SplitSettings,
  TokenizedText,
} from '@llm101/runs';
import type { ReadFileOptions } from '@llm101/training/node';
import type { Output } from '../terminal/output.js';
import { describeParts } from './describe-data.js';
import { type ModelOfRun, openModelOfRun } from './model-file.js';
import { type RunFolder, runFolder } from './paths.js';
import type { LoadingOptions } from './load-data.js';
import { readSettings } from './settings.js';
import { readTokenizer } from './tokenizer-file.js';
import { loadTextOfRun, type RecordedText, runOfConfig } from './text-of-run.js';
import { openTokensOfRun, type ReadOptions, readTokens, type TokenPlace } from './token-file.js';

/** How {@link loadAndSplit} loads a text. */
export interface SplitOptions extends LoadingOptions {
  /** What the run begins with, whose tokenizer it has. */
  readonly initial?: Pick<SavedModel, 'tokenizer'> | undefined;
  /** The file that names the text: where it is a run's config.json, the text is found as that run's. */
  readonly config?: string | undefined;
  /** Where the tokens of a long text are written. */
  readonly tokenPlace?: TokenPlace | undefined;
}

/** Loads the text that settings name, and splits it. */
export async function loadAndSplit(
  settings: DataSettings & RecordedText & InitialSettings,
  { config, initial, ...loading }: SplitOptions,
): Promise<PreparedData> {
  const given =
    initial === undefined
      ? givenTokenizer(settings, settings.tokenizerFile, { pipes: true })
      : fitInitial(initial.tokenizer, settings);
  // a hash comes from the file that names the text, never from a flag
  if (config !== undefined && settings.dataSha256 !== undefined) {
    const tokenizer = initial && { given };
    return splitTextOfRun(runOfConfig(config), settings, { ...loading, ...tokenizer });
  }
  const text = await tokensOf(settings.data, settings, { ...loading, given });
  return noted(splitData(settings, text), loading);
}

/** A tokenizer, or what makes it from the text; default: what the settings name. */
type Given = TextTokenizer | TokenizerFit | undefined;

/** How {@link splitTextOfRun} looks for a text. */
export interface TextOfRunOptions extends Omit<SplitOptions, 'config'> {
  /** `--data`: where the text is now. Default: where it was, seen from here, from the run's folder, or in that folder. */
  readonly data?: string | undefined;
  /** Default: the run's own. */
  readonly given?: Given;
}

/** What of the settings says that a run begins with a model. */
type InitialSettings = Partial<Pick<Settings, 'initFrom' | 'growVocabulary'>>;

/** Loads the text of a run, wherever it is now, and splits it. */
export async function splitTextOfRun(
  run: RunFolder,
  settings: DataSettings & RecordedText & InitialSettings,
  { data: place, ...options }: TextOfRunOptions,
): Promise<PreparedData> {
  const recorded = { ...settings, given: place };
  const { given = givenTokenizer(settings, run.tokenizer), ...loading } = options;
  const isKept = settings.examples === 'blocks' && options.given === undefined;
  const kept =
    place === undefined && isKept ? await openTokensOfRun(run, settings, loading) : undefined;
  const text =
    kept ??
    (await loadTextOfRun(run, recorded, (found, expected) =>
      tokensOf(found, settings, { ...loading, ...expected, given }),
    ));
  return noted(splitData(settings, text), loading);
}

/** A text as tokens, of its lines or of one stream. */
function tokensOf(
  source: string,
  settings: DataSettings,
  {
    given,
    ...options
  }: LoadingOptions & { readonly given: Given } & Pick<ReadOptions, 'tokenPlace'>,
): Promise<TokenizedText> {
  const isGiven = given !== undefined;
  return readTokens(source, tokenizerFor(settings, given), { ...settings, ...options, isGiven });
}

/** The tokenizer in a file, where the settings say that it is in one. */
function givenTokenizer(
  { tokenizerFile, initFrom, ...settings }: DataSettings & InitialSettings,
  path: string | undefined,
  options: ReadFileOptions = {},
): TextTokenizer | undefined {
  const isInFile = (tokenizerFile ?? initFrom) !== undefined && path !== undefined;
  return isInFile ? readTokenizer(path, settings, options) : undefined;
}

/** Says what would make more of a text. */
function noted<Data extends PreparedData>(data: Data, { output }: LoadingOptions): Data {
  for (const hint of data.hints) output.note(`${data.loaded.name}: ${hint}`);
  return data;
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
    if (isDeepStrictEqual(says, has)) return;
    throw new UserError(
      `${path}: config.json and model.safetensors must be of one run; ${what} is ${written(says)} in the one and ` +
        `${written(has)} in the other; ${remedy}`,
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

const written = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
