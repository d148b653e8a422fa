import { type TextTokenizer, Sha256, type TokenizerFit } from '@llm101/data';
import { fitInitial, lineEndsOf, openTokenizer, readModel, resolveSettings } from '@llm101/runs';
import {
  type PreparedData,
  Run,
  type Settings,
  splitData,
  tokenizerFor,
  tokenizeText,
} from '@llm101/runs';
import { parseJson } from '@llm101/safetensors';
import { compile } from '@llm101/wasm';
import type { RunRequest } from '../protocol.js';
import type { Basis } from '../run-requests.js';
import { openDevice } from './device.js';
import type { OpenDevice } from './opened-device.js';
import { initialOf, withText } from './flags.js';
import { piecesOf } from './texts.js';

/** What a run is made of. */
type RunParts = Pick<RunRequest, 'flags' | 'text' | 'basis'>;

/** The settings of a run that is asked for, checked. */
export function settingsOf({ flags, text, basis }: RunParts): Settings {
  const { initial } = basis ?? {};
  const settings = resolveSettings({
    flags: { ...withText(flags, text), ...(initial && { initFrom: initial.name }) },
    ...initialOf(initial),
  });
  return initial === undefined ? settings : { ...settings, initSha256: sha256Of(initial.file) };
}

/**
 * Makes a run: reads its text, takes what it begins with, and opens what computes it.
 *
 * @param warnOfNoGpu - of a run that has begun: told where it had a GPU and there is none here, so that it goes on on wasm
 * @throws UserError when it needs a GPU and there is none
 */
export async function makeRun(
  settings: Settings,
  parts: RunParts,
  warnOfNoGpu?: (message: string) => void,
): Promise<{ readonly run: Run; readonly device: OpenDevice }> {
  const initial = initialModel(parts);
  const data = await readData(settings, parts, initial);
  const device = await openDevice(settings, data, warnOfNoGpu);
  try {
    const run = new Run({ ...settings, device: device.device }, data, compile, initial);
    return { run, device };
  } catch (error) {
    device.dispose();
    throw error;
  }
}

/** The text of a run, split and tokenized as the run has it. */
export async function readData(
  settings: Settings,
  parts: RunParts,
  initial = initialModel(parts),
): Promise<PreparedData> {
  const { text, basis } = parts;
  const pieces = await piecesOf(settings.data, text);
  const own = tokenizerOf(basis, settings) ?? (initial && fitInitial(initial.tokenizer, settings));
  return splitData(settings, await tokenizeText(pieces, tokenizerFor(settings, own), settings));
}

const initialModel = ({ basis }: RunParts): ReturnType<typeof readModel> | undefined =>
  basis?.initial && readModel(basis.initial.file);

function tokenizerOf(
  basis: Basis | undefined,
  { examples, normalize }: Settings,
): TextTokenizer | TokenizerFit | undefined {
  if (basis?.tokenizer === undefined) return undefined;
  const json = parseJson(basis.tokenizer, {
    where: 'tokenizer.json',
    values: 5_000_000,
    depth: 16,
  });
  return openTokenizer(json, { lineEnds: lineEndsOf(examples), ...(normalize && { normalize }) });
}

function sha256Of(file: Uint8Array): string {
  const hash = new Sha256();
  hash.update(file);
  return hash.hex();
}
