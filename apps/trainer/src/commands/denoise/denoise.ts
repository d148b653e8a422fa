import {
  correctNoisy,
  countRepairs,
  decodeNoisy,
  encodeNoisy,
  makeChannel,
} from '@llm101/inference';
import { Generator } from '@llm101/random';
import { type HeldOutOptions, loadHeldOut } from '../../run-folder/data.js';
import { asLines } from '../../run-folder/describe-data.js';
import { priorsOf } from '../../priors.js';
import { describeRepairs } from './repairs.js';
import type { DenoiseSettings } from './settings.js';

/** `llm101 denoise`: sends held-out lines through a noisy channel, and shows how well each model corrects them. */
export async function denoiseCommand(
  settings: DenoiseSettings,
  { model, data, config, workers, output }: HeldOutOptions,
): Promise<void> {
  const { order, channel: kind, rate, noiseSeed, count, beam, decode: aim, ...split } = settings;
  const heldOut = await loadHeldOut(split, { model, data, config, output });
  const { tokenizer, val } = asLines(heldOut.data, 'denoise corrects lines, one at a time');
  const channel = makeChannel({ channel: kind, rate, size: tokenizer.vocabSize });
  const random = Generator.seeded(noiseSeed);
  const { tokens: held, starts } = val.tokens;
  const sent = Array.from({ length: Math.min(count, val.tokens.length) }, (_, i) =>
    Array.from(held.subarray(starts[i] + 1, starts[i + 1])),
  );
  const received = sent.map((symbols) => channel.transmit(symbols, random));

  const tokens = sent.flat().length * beam;
  const { ngrams, networks, dispose } = priorsOf(heldOut, { order, workers, tokens });
  const priors = [...ngrams, ...networks];
  const progress = output.progress('correcting lines');
  let done = 0;
  const onProgress = (more: number): void => {
    done += more;
    progress.update(done, priors.length * sent.length);
  };
  const rows = [{ prior: 'none', ...countRepairs(sent, received, received) }];
  for (const { name, prior } of priors) {
    const corrected = correctNoisy(received, { channel, prior, beam, decode: aim, onProgress });
    rows.push({ prior: name, ...countRepairs(sent, received, corrected) });
  }
  progress.end();
  dispose();
  output.answer(describeRepairs(rows, { kind, rate }), {
    data: heldOut.data.loaded.name,
    ...(model !== undefined && { runDir: model }),
    channel: kind,
    rate,
    noiseSeed,
    beam,
    decode: aim,
    priors: rows,
  });
}

/** What {@link correctCommand} needs besides settings. */
export interface CorrectCommandOptions extends HeldOutOptions {
  readonly words: readonly string[];
}

/** `llm101 denoise WORDS`: the words, corrected by the strongest model, one a line. */
export async function correctCommand(
  { order, channel: kind, rate, beam, decode: aim, ...split }: DenoiseSettings,
  { words, model, data, config, workers, output }: CorrectCommandOptions,
): Promise<void> {
  const heldOut = await loadHeldOut(split, { model, data, config, output });
  const { tokenizer } = heldOut.data;
  const received = words.map((word) => encodeNoisy(word, { tokenizer, channel: kind }));
  const channel = makeChannel({ channel: kind, rate, size: tokenizer.vocabSize });
  const tokens = received.flat().length * beam;
  const { ngrams, networks, dispose } = priorsOf(heldOut, { order, workers, tokens });
  const { name, prior } = networks.at(-1) ?? ngrams[ngrams.length - 1];
  const corrected = correctNoisy(received, { channel, prior, beam, decode: aim });
  dispose();
  const texts = corrected.map((symbols) => decodeNoisy(symbols, tokenizer));
  output.print(`corrected by ${name}`);
  output.answer(texts, { prior: name, channel: kind, rate, words, corrected: texts });
}
