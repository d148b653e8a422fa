import {
  correctNoisy,
  countRepairs,
  decodeNoisy,
  encodeNoisy,
  makeChannel,
} from '@llm101/inference';
import { Generator } from '@llm101/random';
import { UserError } from '@llm101/runs';
import type { DenoiseOutput, UseRequests } from '../../../use-requests.js';
import type { Answer } from '../handler.js';
import { openedModel } from './opened.js';

/** Candidates that are kept: as by the command. */
const BEAM = 32;

/** Sends lines through a noisy channel, and puts them right by what the model expects. */
export function denoise({
  text,
  channel: kind,
  rate,
  seed,
  decode,
}: UseRequests['denoise']['input']): Answer<DenoiseOutput> {
  const { network, prior } = openedModel();
  const { tokenizer, examples } = network;
  if (examples === 'blocks' && tokenizer.decode([0]) !== '\n') {
    throw new UserError(
      'this model has learned one text whose lines no token ends, and a channel is corrected line by line; take one that learned lines, or a text by characters',
    );
  }
  const size = tokenizer.vocabSize;
  const channel = makeChannel({ channel: kind, size, rate });
  const random = Generator.seeded(seed);
  const sent = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => encodeNoisy(line, { tokenizer, channel: 'substitution' }));
  const received = sent.map((symbols) => channel.transmit(symbols, random));
  const options = { channel, prior: prior(), beam: BEAM, decode };
  const corrected = correctNoisy(received, options);
  const written = (symbols: readonly number[]): string[] =>
    symbols.map((symbol) => decodeNoisy([symbol], tokenizer));
  const lines = sent.map((symbols, i) => ({
    sent: written(symbols),
    received: written(received[i]),
    corrected: written(corrected[i]),
  }));
  return { output: { lines, ...countRepairs(sent, received, corrected) } };
}
