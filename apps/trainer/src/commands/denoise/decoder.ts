import {
  beamDecode,
  type Channel,
  type LanguagePrior,
  likeliestSymbols,
} from '@llm101/info-theory';
import type { DenoiseSettings } from './settings.js';

/** Names that go forward together, so that a network has much to do at once and progress shows. */
const CHUNK = 200;

/** How {@link decode} searches. */
export interface DecodeOptions extends Pick<DenoiseSettings, 'beam' | 'decode'> {
  readonly channel: Channel;
  readonly prior: LanguagePrior;
  /** Called with how many more sequences are done. */
  readonly onProgress?: (more: number) => void;
}

/**
 * What was sent, by what was received: at each place the likeliest symbol, or the likeliest sequence. Where the prior rules
 * out all that could have been sent, what was received stays.
 */
export function decode(
  received: readonly (readonly number[])[],
  { channel, prior, beam: beamWidth, decode: aim, onProgress = () => {} }: DecodeOptions,
): number[][] {
  const corrected: number[][] = [];
  for (let first = 0; first < received.length; first += CHUNK) {
    const chunk = received.slice(first, first + CHUNK);
    const found = beamDecode(chunk, { channel, prior, beamWidth, end: 0 });
    for (const [i, hypotheses] of found.entries()) {
      const best = aim === 'letters' ? likeliestSymbols(hypotheses) : hypotheses.at(0)?.symbols;
      corrected.push([...(hypotheses.length > 0 && best ? best : chunk[i])]);
    }
    onProgress(chunk.length);
  }
  return corrected;
}
