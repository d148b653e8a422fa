import {
  beamDecode,
  type Channel,
  type LanguagePrior,
  likeliestSymbols,
  mixedPrior,
  priorOf,
} from '@llm101/info-theory';
import type { DenoiseSettings } from './settings.js';
import type { HeldOut } from '../../run-folder/held-out.js';
import { networkPrior } from '../../run/network-prior.js';
import { encodeLines, nameOfOrder, ngramsOf } from '../../run/ngrams-of.js';

/** Names that go forward together, so that a network has much to do at once and progress shows. */
const CHUNK = 200;

/** What may have been sent, by a language model of some kind. */
interface NamedPrior {
  readonly name: string;
  readonly prior: LanguagePrior;
}

/** Priors, weakest first, and what frees their memory. */
export interface Priors {
  readonly priors: readonly NamedPrior[];
  readonly dispose: () => void;
}

/** N-grams of one, two and `order` characters, learned from the training lines; the network; and both together. */
export function makePriors({ data, network }: HeldOut, order: number): Priors {
  const learned = encodeLines(data.train, data.tokenizer);
  const size = data.tokenizer.vocabSize;
  const ngrams = Array.from(new Set([1, 2, order].filter((n) => n <= order)), (n) => ({
    name: nameOfOrder(n),
    prior: priorOf(ngramsOf(learned, { size, order: n })),
  }));
  if (network === undefined) return { priors: ngrams, dispose: () => {} };
  const prior = networkPrior(network.model);
  const longest = ngrams[ngrams.length - 1];
  const mixed = {
    name: `${network.type} and ${longest.name}`,
    prior: mixedPrior([prior, longest.prior]),
  };
  return {
    priors: [...ngrams, { name: network.type, prior }, mixed],
    dispose: () => prior.dispose(),
  };
}

/** How {@link decode} goes about it. */
export interface DecodeOptions extends Pick<DenoiseSettings, 'beam' | 'decode'> {
  readonly channel: Channel;
  readonly prior: LanguagePrior;
  /** Told of how many more sequences are done. */
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
  const mended: number[][] = [];
  for (let first = 0; first < received.length; first += CHUNK) {
    const chunk = received.slice(first, first + CHUNK);
    const found = beamDecode(chunk, { channel, prior, beamWidth, end: 0 });
    for (const [i, hypotheses] of found.entries()) {
      const best = aim === 'letters' ? likeliestSymbols(hypotheses) : hypotheses.at(0)?.symbols;
      mended.push([...(hypotheses.length > 0 && best ? best : chunk[i])]);
    }
    onProgress(chunk.length);
  }
  return mended;
}
