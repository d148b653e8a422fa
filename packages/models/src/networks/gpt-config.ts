import { checkChoice, checkSizes } from '../checks.js';
import { checkHeads } from '../layers/causal-attention.js';
import { checkDropoutRate } from '../layers/dropout.js';

/** Sizes and parts of a `GPT`. The defaults are GPT-2's, but for GELU, which is exact. */
export interface GPTConfig {
  /** V: number of symbols. */
  readonly vocabSize: number;
  /** T: tokens that it sees; where texts are separated, of one text. */
  readonly contextSize: number;
  /** C: numbers that represent a position in every layer. */
  readonly channels: number;
  /** Parts of the channels that attend by themselves. */
  readonly heads: number;
  /** Blocks of attention and feed-forward, one after the other. */
  readonly layers: number;
  /** Keys and values, each for as many heads (Ainslie et al. 2023). Default: one for each head. */
  readonly kvHeads?: number;
  /** Channels within feed-forward. Default: 4 C, and with `'swiglu'` 8/3 C, up to a multiple of 8. */
  readonly hidden?: number;
  /** Fraction left out in training, everywhere or where it is said. Default: 0. */
  readonly dropout?: number | Partial<GPTDropouts>;
  /** Whether something is added after products and norms; true, the default: everywhere but in the head. */
  readonly bias?: boolean | Partial<GPTBiases>;
  /** Whether the head's weights are those of the embedding (Press and Wolf 2017). Default: true. */
  readonly tiedHead?: boolean;
  /** Between the products of feed-forward. Default: `'gelu'`, exact. */
  readonly activation?: 'gelu' | 'gelu-tanh' | 'swiglu' | 'squared-relu';
  /** How positions enter: as learned vectors (the default), or as rotations of queries and keys, `RotaryPositions`. */
  readonly positions?: 'learned' | 'rotary';
  /** What attention, feed-forward and head read is brought to mean 0 and variance 1 (the default), or to root mean square 1. */
  readonly norm?: 'layer' | 'rms';
  /** Whether queries and keys of each head are normalised, `RMSNorm` (Dehghani et al. 2023). Default: false. */
  readonly qkNorm?: boolean;
  /** Whether queries, keys and values are one product (the default) or three. */
  readonly projections?: 'joint' | 'separate';
  /**
   * Initial values: GPT-2's (the default), of standard deviation 0.02, and `0.02 / √(2 layers)` in the products that end in a
   * residual connection, drawn in nanoGPT's order; or those of PyTorch's layers.
   */
  readonly init?: 'gpt-2' | 'pytorch';
  /** Whether token 0 begins a text: no position sees what is before it, and positions are counted from it. Default: false. */
  readonly separated?: boolean;
}

/** Fractions left out in training, each 0 by default. */
export interface GPTDropouts {
  /** Of what the first block reads. */
  readonly embedding: number;
  /** Of the weights of attention. */
  readonly attention: number;
  /** Of what attention adds. */
  readonly residual: number;
  /** Of what feed-forward adds. */
  readonly feedForward: number;
}

/** Where something is added, each false by default. */
export interface GPTBiases {
  /** After the products of attention. */
  readonly attention: boolean;
  /** After the products of feed-forward. */
  readonly feedForward: boolean;
  /** After layer norms; root mean squares have none. */
  readonly norm: boolean;
  /** After the head's product, which then isn't tied. */
  readonly head: boolean;
}

/** A {@link GPTConfig} with its defaults filled in. */
export interface ResolvedGPTConfig extends Required<GPTConfig> {
  readonly dropout: GPTDropouts;
  readonly bias: GPTBiases;
}

const CHOICES = {
  activation: ['gelu', 'gelu-tanh', 'swiglu', 'squared-relu'],
  positions: ['learned', 'rotary'],
  norm: ['layer', 'rms'],
  projections: ['joint', 'separate'],
  init: ['gpt-2', 'pytorch'],
} as const;

/**
 * A config with its defaults filled in.
 *
 * @param where - how errors begin
 * @throws RangeError when a size isn't a whole number of at least 1, or parts don't fit each other
 */
export function resolveGPTConfig(config: GPTConfig, where = 'GPT'): ResolvedGPTConfig {
  const { vocabSize, contextSize, channels, heads, layers, kvHeads = heads } = config;
  const { activation = 'gelu', positions = 'learned', norm = 'layer', qkNorm = false } = config;
  const { tiedHead = true, projections = 'joint', init = 'gpt-2', separated = false } = config;
  const { dropout = 0, bias = true, hidden = defaultHidden(channels, activation) } = config;
  checkSizes(where, { vocabSize, contextSize, channels, heads, layers, kvHeads, hidden });
  checkHeads(where, { channels, heads, kvHeads });
  for (const [name, found] of Object.entries({ activation, positions, norm, projections, init })) {
    checkChoice(`${where}: ${name}`, CHOICES[name as keyof typeof CHOICES], found);
  }
  if (positions === 'rotary' && (channels / heads) % 2 !== 0) {
    throw new RangeError(
      `${where}: with rotary positions a head must have an even number of channels; got ${channels / heads}`,
    );
  }
  const biases = biasesOf(bias, norm);
  if (tiedHead && biases.head) {
    throw new RangeError(`${where}: a head with a bias can't be tied; set tiedHead to false`);
  }
  const dropouts = dropoutsOf(dropout);
  for (const rate of Object.values(dropouts)) checkDropoutRate(rate);
  const sizes = { vocabSize, contextSize, channels, heads, layers, kvHeads, hidden };
  const parts = { activation, positions, norm, qkNorm, tiedHead, projections, init, separated };
  return { ...sizes, ...parts, dropout: dropouts, bias: biases };
}

function defaultHidden(channels: number, activation: GPTConfig['activation']): number {
  return activation === 'swiglu' ? Math.ceil(channels / 3) * 8 : 4 * channels;
}

function dropoutsOf(dropout: number | Partial<GPTDropouts>): GPTDropouts {
  const rate = typeof dropout === 'number' ? dropout : 0;
  const everywhere = { embedding: rate, attention: rate, residual: rate, feedForward: rate };
  return typeof dropout === 'number' ? everywhere : { ...everywhere, ...dropout };
}

function biasesOf(bias: boolean | Partial<GPTBiases>, norm: GPTConfig['norm']): GPTBiases {
  const has = bias === true;
  const all = { attention: has, feedForward: has, norm: has, head: false };
  const asked = typeof bias === 'boolean' ? all : { ...all, ...bias };
  return norm === 'rms' ? { ...asked, norm: false } : asked;
}

/**
 * How many parameters a `GPT` has: 804,096 in nanoGPT's run on a CPU, with V = 65, T = 64, C = 128, 4 layers and no biases.
 *
 * @throws RangeError as `GPT` does
 */
export function gptParameterCount(config: GPTConfig): number {
  const resolved = resolveGPTConfig(config, 'gptParameterCount');
  const { vocabSize: V, contextSize: T, channels: C, layers, hidden: H, bias } = resolved;
  const { heads, kvHeads, activation, positions, qkNorm, tiedHead } = resolved;
  const norm = C + added(bias.norm, C);
  const rows = C + (2 * C * kvHeads) / heads; // outputs of queries, keys and values
  const attention =
    rows * C + C * C + added(bias.attention, rows + C) + added(qkNorm, (2 * C) / heads);
  const wide = activation === 'swiglu' ? 2 * H : H;
  const feedForward = wide * C + C * H + added(bias.feedForward, wide + C);
  const head = added(!tiedHead, V * C) + added(bias.head, V);
  const embeddings = V * C + added(positions === 'learned', T * C);
  return embeddings + layers * (attention + feedForward + 2 * norm) + norm + head;
}

const added = (has: boolean, count: number): number => (has ? count : 0);
