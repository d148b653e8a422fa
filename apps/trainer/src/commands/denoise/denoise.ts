import { Generator } from '@llm101/random';
import type { Output } from '../../terminal/output.js';
import { decode } from './decoder.js';
import type { DenoiseSettings } from './settings.js';
import { countRepairs, describeRepairs } from './repairs.js';
import { makePriors } from '../../priors/priors.js';
import { loadHeldOut } from '../../run-folder/data.js';
import { makeChannel } from './channel.js';

/** What {@link denoiseCommand} needs besides settings. */
export interface DenoiseCommandOptions {
  /** The folder of a run. */
  readonly model?: string | undefined;
  readonly output: Output;
}

/** `llm101 denoise`: held-out names through a noisy channel, and how well each model corrects them. */
export async function denoiseCommand(
  settings: DenoiseSettings,
  { model, output }: DenoiseCommandOptions,
): Promise<void> {
  const { order, channel: kind, rate, noiseSeed, count, beam, decode: aim, ...split } = settings;
  const heldOut = await loadHeldOut(split, { model, output });
  const { tokenizer, val } = heldOut.data;
  const channel = makeChannel({ channel: kind, rate, size: tokenizer.vocabSize });
  const random = Generator.seeded(noiseSeed);
  const sent = val.lines.slice(0, count).map((name) => Array.from(tokenizer.encode(name)));
  const received = sent.map((symbols) => channel.transmit(symbols, random));

  const { ngrams, networks, dispose } = makePriors(heldOut, order);
  const priors = [...ngrams, ...networks];
  const progress = output.progress('correcting names');
  let done = 0;
  const onProgress = (more: number): void => {
    done += more;
    progress.update(done, priors.length * sent.length);
  };
  const rows = [{ prior: 'none', ...countRepairs(sent, received, received) }];
  for (const { name, prior } of priors) {
    const corrected = decode(received, { channel, prior, beam, decode: aim, onProgress });
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
