import { decode } from './decoder.js';
import type { DenoiseSettings } from './settings.js';
import { makePriors } from '../../priors/priors.js';
import { loadHeldOut } from '../../run-folder/data.js';
import { makeChannel } from './channel.js';
import { decodeNoisy, encodeNoisy } from './noisy-text.js';
import type { DenoiseCommandOptions } from './denoise.js';

/** What {@link correctCommand} needs besides settings. */
export interface CorrectCommandOptions extends DenoiseCommandOptions {
  readonly words: readonly string[];
}

/** `llm101 denoise WORDS`: the words, corrected by the strongest model, one a line. */
export async function correctCommand(
  { order, channel: kind, rate, beam, decode: aim, ...split }: DenoiseSettings,
  { words, model, output }: CorrectCommandOptions,
): Promise<void> {
  const heldOut = await loadHeldOut(split, { model, output });
  const { tokenizer } = heldOut.data;
  const received = words.map((word) => encodeNoisy(word, { tokenizer, channel: kind }));
  const channel = makeChannel({ channel: kind, rate, size: tokenizer.vocabSize });
  const { ngrams, networks, dispose } = makePriors(heldOut, order);
  const { name, prior } = networks.at(-1) ?? ngrams[ngrams.length - 1];
  const corrected = decode(received, { channel, prior, beam, decode: aim });
  dispose();
  const texts = corrected.map((symbols) => decodeNoisy(symbols, tokenizer));
  output.print(`corrected by ${name}`);
  output.answer(texts, { prior: name, channel: kind, rate, words, corrected: texts });
}
