import { type TextTokenizer, Sha256, type TokenizerFit } from '@llm101/data';
import { fitInitial, lineEndsOf, openTokenizer, readModel, resolveSettings } from '@llm101/runs';
import { Run, type Settings, splitData, tokenizerFor, tokenizeText } from '@llm101/runs';
import { parseJson } from '@llm101/safetensors';
import { compile } from '@llm101/wasm';
import type { RunRequest } from '../protocol.js';
import type { Basis } from '../run-requests.js';
import { initialOf, withText } from './flags.js';
import { piecesOf } from './texts.js';

/** The settings of a run that is asked for, checked. */
export function settingsOf({ flags, text, basis }: RunRequest): Settings {
  const { initial } = basis ?? {};
  const settings = resolveSettings({
    flags: { ...withText(flags, text), ...(initial && { initFrom: initial.name }) },
    ...initialOf(initial),
  });
  return initial === undefined ? settings : { ...settings, initSha256: sha256Of(initial.file) };
}

/** Makes a run: reads its text, and takes what it begins with. */
export async function makeRun(settings: Settings, { text, basis }: RunRequest): Promise<Run> {
  const initial = basis?.initial && readModel(basis.initial.file);
  const pieces = await piecesOf(settings.data, text);
  const own = tokenizerOf(basis, settings) ?? (initial && fitInitial(initial.tokenizer, settings));
  const tokenized = await tokenizeText(pieces, tokenizerFor(settings, own), settings);
  return new Run(settings, splitData(settings, tokenized), compile, initial);
}

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
