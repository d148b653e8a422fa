import { decode, makePriors } from './decoder.js';
import type { DenoiseSettings } from './settings.js';
import { loadHeldOut } from '../../run-folder/held-out.js';
import { makeChannel } from './make-channel.js';
import { decodeNoisy, encodeNoisy } from './noisy-text.js';
import type { DenoiseCommandOptions } from './denoise.js';

/** What {@link mendCommand} needs besides settings. */
export interface MendCommandOptions extends DenoiseCommandOptions {
  readonly words: readonly string[];
}

/** `llm101 denoise WORDS`: the words, mended by the best model at hand, one a line. */
export async function mendCommand(
  { order, channel: kind, rate, beam, decode: aim, ...split }: DenoiseSettings,
  { words, model, output }: MendCommandOptions,
): Promise<void> {
  const heldOut = await loadHeldOut(split, { model, output });
  const { tokenizer } = heldOut.data;
  const received = words.map((word) => encodeNoisy(word, { tokenizer, channel: kind }));
  const channel = makeChannel({ channel: kind, rate, size: tokenizer.vocabSize });
  const { priors, dispose } = makePriors(heldOut, order);
  const { name, prior } = priors[priors.length - 1];
  const mended = decode(received, { channel, prior, beam, decode: aim });
  dispose();
  const texts = mended.map((symbols) => decodeNoisy(symbols, tokenizer));
  output.print(`mended by ${name}`);
  output.answer(texts, { prior: name, channel: kind, rate, words, mended: texts });
}
