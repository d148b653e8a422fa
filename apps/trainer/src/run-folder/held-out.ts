import { describeText } from '@llm101/data';
import { startBackend } from '@llm101/wasm';
import { loadModel, type SavedModel } from './model-file.js';
import type { Output } from '../terminal/output.js';
import { type PreparedData, prepareData } from '../run/prepare-data.js';
import { runFolder } from './run-folder.js';
import type { SplitSettings } from '../settings/split-settings.js';
import { validationOf } from './validation-of.js';

/** A text in two parts, and a network that has learned from the first of them. */
export interface HeldOut {
  readonly data: PreparedData;
  readonly network: SavedModel | undefined;
}

/** Where {@link loadHeldOut} looks. */
export interface HeldOutOptions {
  /** The folder of a run: its text, split and alphabet count, in place of the settings. */
  readonly model?: string | undefined;
  readonly output: Output;
}

/** Loads and splits a text, as a run did or by settings of its own, and says so. */
export async function loadHeldOut(
  settings: SplitSettings,
  { model, output }: HeldOutOptions,
): Promise<HeldOut> {
  const heldOut =
    model === undefined
      ? { data: await prepareData({ ...settings, contextSize: 1 }, { output }), network: undefined }
      : await loadRun(model, output);
  const { loaded, train, val } = heldOut.data;
  const [learned, held] = [train, val].map(({ length }) => length.toLocaleString('en-US'));
  output.print(`${describeText(loaded)}; ${learned} lines to learn from, ${held} held out`);
  return heldOut;
}

async function loadRun(path: string, output: Output): Promise<HeldOut> {
  const run = runFolder(path);
  await startBackend();
  const network = loadModel(run.model);
  const remedy = `take ${run.config} from a copy`;
  const { data } = await validationOf(run, network, { output, remedy });
  return { data, network };
}
