import { describeText, type LoadedText } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { modelConfigOf, prepareData, UserError } from '@llm101/runs';
import type { DataSettings, PreparedData, SavedModel, SplitSettings } from '@llm101/runs';
import { count, type Output } from '../terminal/output.js';
import { openModelOfRun } from './model-file.js';
import { type RunFolder, runFolder } from './run-folder.js';
import { readSettings } from './settings.js';

/** How a text is loaded. */
export interface LoadingOptions {
  /** Shows the progress of a download. */
  readonly output: Output;
  /** Ends a download. */
  readonly signal?: AbortSignal;
}

/** Loads a text, and shows the progress of a download. */
export async function loadData(
  data: string,
  { output, ...options }: LoadingOptions & { readonly sha256?: string },
): Promise<LoadedText> {
  const progress = output.progress(`downloading ${data}`);
  try {
    return await loadText(data, {
      ...options,
      onFetch: (url) => output.note(`fetching ${url}`),
      onProgress: progress.update,
    });
  } finally {
    progress.end();
  }
}

/** Loads the text that settings name, and splits it. */
export async function loadAndSplit(
  settings: DataSettings & { readonly data: string; readonly dataSha256?: string | undefined },
  loading: LoadingOptions,
): Promise<PreparedData> {
  const { data, dataSha256: sha256 } = settings;
  const loaded = await loadData(data, { ...loading, ...(sha256 !== undefined && { sha256 }) });
  return prepareData(settings, loaded);
}

/** A text that is split, and a network that has learned from its first part. */
export interface HeldOut {
  readonly data: PreparedData;
  readonly network: SavedModel | undefined;
}

/** Where {@link loadHeldOut} looks. */
export interface HeldOutOptions {
  /** The folder of a run: its text, split and alphabet are used, not those of the settings. */
  readonly model?: string | undefined;
  readonly output: Output;
}

/** Loads and splits a text, as a run did or by the settings, and prints its size. */
export async function loadHeldOut(
  settings: SplitSettings,
  { model, output }: HeldOutOptions,
): Promise<HeldOut> {
  const heldOut =
    model === undefined
      ? { data: await loadAndSplit(settings, { output }), network: undefined }
      : await dataAndModelOf(model, output);
  const { loaded, train, val } = heldOut.data;
  output.print(
    `${describeText(loaded)}; ${count(train.lines.length)} lines to learn from, ${count(val.lines.length)} held out`,
  );
  return heldOut;
}

async function dataAndModelOf(path: string, output: Output): Promise<HeldOut> {
  const run = runFolder(path);
  const network = await openModelOfRun(path);
  const remedy = `take ${run.config} from a copy`;
  return { data: await dataOfRun(run, network, { output, remedy }), network };
}

/**
 * The text of a run, split as its config.json says.
 *
 * @param remedy - what to do when config.json and model don't belong together
 * @throws UserError when the two aren't of one run
 */
export async function dataOfRun(
  { path, config }: RunFolder,
  { config: ofModel, tokenizer }: SavedModel,
  { output, remedy }: { readonly output: Output; readonly remedy: string },
): Promise<PreparedData> {
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
  if (alphabet !== 'auto' && tokenizer.alphabet !== '') {
    check('alphabet', alphabet, tokenizer.alphabet);
  }

  const data = await loadAndSplit(settings, { output });
  check('alphabet', data.tokenizer.alphabet, tokenizer.alphabet);
  check('tokenizer', JSON.stringify(data.tokenizer), JSON.stringify(tokenizer));
  return data;
}
