import { add, reshape, split } from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import type { Mode } from '../language-model.js';
import { gelu, squaredRelu, swiglu } from '../layers/activations.js';
import { attendJointly, causalAttention } from '../layers/causal-attention.js';
import { type Dropout, dropoutIfAny } from '../layers/dropout.js';
import { Linear } from '../layers/linear.js';
import { LayerNorm, RMSNorm } from '../layers/normalisation.js';
import type { RotaryPositions } from '../layers/rotary-positions.js';
import { Module } from '../module.js';
import type { ResolvedGPTConfig } from './gpt-config.js';
import { gptNames, present } from './gpt-names.js';

/** What a block reads besides its input. */
export interface GPTContext {
  /** `[B, T]` int32, the first position that each sees; default: the row's first. */
  readonly starts?: Tensor2D | undefined;
  /** `[B, T]` int32, the index of each position in its text; default: that in its row. */
  readonly positions?: Tensor2D | undefined;
  readonly mode?: Mode;
}

/** Attention, then feed-forward, each of a normalised input and added to it. */
export class GPTBlock extends Module {
  readonly attentionNorm: LayerNorm | RMSNorm;
  readonly attention: GPTAttention;
  readonly feedForwardNorm: LayerNorm | RMSNorm;
  readonly feedForward: GPTFeedForward;
  readonly #config: ResolvedGPTConfig;

  constructor(
    config: ResolvedGPTConfig,
    generator: Generator,
    rotary: RotaryPositions | undefined,
  ) {
    super();
    this.#config = config;
    this.attentionNorm = makeNorm(config);
    this.attention = new GPTAttention(config, generator, rotary);
    this.feedForwardNorm = makeNorm(config);
    this.feedForward = new GPTFeedForward(config, generator);
  }

  /** Both halves, one after the other: `[B, T, C]` to `[B, T, C]`. */
  forward(x: Tensor3D, context: GPTContext = {}): Tensor3D {
    const gathered = this.attention.forward(this.attentionNorm.forward(x), context);
    return this.compute(add<Tensor3D>(x, gathered), context.mode);
  }

  /** The second half: what feed-forward makes of it is added. */
  compute(x: Tensor3D, mode: Mode = 'evaluation'): Tensor3D {
    return add(x, this.feedForward.forward(this.feedForwardNorm.forward(x), mode));
  }

  protected override fields(): [string, unknown][] {
    const { block } = gptNames(this.#config);
    return present({
      [block.attentionNorm]: this.attentionNorm,
      [block.attention]: this.attention,
      [block.feedForwardNorm]: this.feedForwardNorm,
      [block.feedForward]: this.feedForward,
    });
  }
}

/** The norm that a GPT has before each half of a block, and before its head. */
export function makeNorm({ norm, channels, bias }: ResolvedGPTConfig): LayerNorm | RMSNorm {
  return norm === 'rms' ? new RMSNorm(channels) : new LayerNorm(channels, { bias: bias.norm });
}

/** `[B, T, C]` of queries; of keys and values `[B, T, C kvHeads / heads]`. */
export interface Projections {
  readonly query: Tensor3D;
  readonly key: Tensor3D;
  readonly value: Tensor3D;
}

/** A GPT's self-attention. */
export class GPTAttention extends Module {
  /** Queries, keys and values side by side, or each by itself. */
  readonly joint: Linear | undefined;
  readonly separate:
    { readonly query: Linear; readonly key: Linear; readonly value: Linear } | undefined;
  /** Mixes what the heads have found. */
  readonly output: Linear;
  readonly queryNorm: RMSNorm | undefined;
  readonly keyNorm: RMSNorm | undefined;
  readonly dropout: Dropout | undefined;
  readonly residualDropout: Dropout | undefined;
  readonly #config: ResolvedGPTConfig;
  readonly #rotary: RotaryPositions | undefined;

  constructor(
    config: ResolvedGPTConfig,
    generator: Generator,
    rotary: RotaryPositions | undefined,
  ) {
    super();
    const { channels: C, heads, projections, qkNorm, dropout } = config;
    const kvChannels = kvChannelsOf(config);
    const linear = (inputs: number, outputs: number): Linear =>
      new Linear(inputs, outputs, generator, { bias: config.bias.attention });
    this.#config = config;
    this.#rotary = rotary;
    this.joint = projections === 'joint' ? linear(C, C + 2 * kvChannels) : undefined;
    this.separate =
      projections === 'separate'
        ? { query: linear(C, C), key: linear(C, kvChannels), value: linear(C, kvChannels) }
        : undefined;
    this.output = linear(C, C);
    this.queryNorm = qkNorm ? new RMSNorm(C / heads) : undefined;
    this.keyNorm = qkNorm ? new RMSNorm(C / heads) : undefined;
    this.dropout = dropoutIfAny(dropout.attention, generator);
    this.residualDropout = dropoutIfAny(dropout.residual, generator);
  }

  /** What each position gathers from those that it sees: `[B, T, C]` to `[B, T, C]`. */
  forward(x: Tensor3D, { starts, positions, mode = 'evaluation' }: GPTContext): Tensor3D {
    const { heads, kvHeads, qkNorm } = this.#config;
    const { dropout } = this;
    const options = { heads, kvHeads, starts, dropout, mode };
    const isPlain = this.#rotary === undefined && !qkNorm;
    if (this.joint !== undefined && isPlain) {
      return this.end(attendJointly(this.joint.forward(x), options), mode);
    }
    const { query, key, value } = this.project(x, positions);
    return this.end(causalAttention(query, key, value, options), mode);
  }

  /** Queries, keys and values as they meet: normalised and turned to their positions. */
  project(x: Tensor3D, positions?: Tensor2D): Projections {
    const { query, key, value } = this.#products(x);
    const turn = (rows: Tensor3D, norm: RMSNorm | undefined): Tensor3D => {
      const normal = norm === undefined ? rows : normalised(norm, rows);
      return this.#rotary?.forward(normal, positions) ?? normal;
    };
    return { query: turn(query, this.queryNorm), key: turn(key, this.keyNorm), value };
  }

  /** What is added, of what the heads have found, `[B, T, C]`. */
  end(attended: Tensor3D, mode: Mode = 'evaluation'): Tensor3D {
    const mixed = this.output.forward(attended);
    return this.residualDropout?.forward(mixed, mode) ?? mixed;
  }

  #products(x: Tensor3D): Projections {
    if (this.separate !== undefined) {
      const { query, key, value } = this.separate;
      return { query: query.forward(x), key: key.forward(x), value: value.forward(x) };
    }
    const { channels } = this.#config;
    const kvChannels = kvChannelsOf(this.#config);
    const joint = this.joint?.forward(x) ?? x; // one of the two is there
    const [query, key, value] = split<Tensor3D>(joint, [channels, kvChannels, kvChannels], -1);
    return { query, key, value };
  }

  protected override fields(): [string, unknown][] {
    const { attention: names } = gptNames(this.#config);
    return present({
      [names.joint]: this.joint,
      [names.query]: this.separate?.query,
      [names.key]: this.separate?.key,
      [names.value]: this.separate?.value,
      [names.output]: this.output,
      [names.queryNorm]: this.queryNorm,
      [names.keyNorm]: this.keyNorm,
      [names.dropout]: this.dropout,
      [names.residualDropout]: this.residualDropout,
    });
  }
}

const kvChannelsOf = ({ channels, heads, kvHeads }: ResolvedGPTConfig): number =>
  (channels / heads) * kvHeads;

/** Each head by itself. */
function normalised(norm: RMSNorm, x: Tensor3D): Tensor3D {
  const d = norm.weight.size;
  return reshape(norm.forward(reshape<Rank.R2>(x, [x.size / d, d])), x.shape);
}

/** A GPT's feed-forward: two products with an activation between them, of which SwiGLU has a third for its gate. */
export class GPTFeedForward extends Module {
  readonly gate: Linear | undefined;
  readonly up: Linear;
  readonly down: Linear;
  readonly dropout: Dropout | undefined;
  readonly #config: ResolvedGPTConfig;

  constructor(config: ResolvedGPTConfig, generator: Generator) {
    super();
    const { channels: C, hidden: H, bias, activation, dropout } = config;
    const linear = (inputs: number, outputs: number): Linear =>
      new Linear(inputs, outputs, generator, { bias: bias.feedForward });
    this.#config = config;
    this.gate = activation === 'swiglu' ? linear(C, H) : undefined;
    this.up = linear(C, H);
    this.down = linear(H, C);
    this.dropout = dropoutIfAny(dropout.feedForward, generator);
  }

  /** Each position by itself: `[B, T, C]` to `[B, T, C]`. */
  forward(x: Tensor3D, mode: Mode = 'evaluation'): Tensor3D {
    const y = this.down.forward(this.#activate(x));
    return this.dropout?.forward(y, mode) ?? y;
  }

  #activate(x: Tensor3D): Tensor3D {
    const up = this.up.forward(x);
    if (this.gate !== undefined) return swiglu(this.gate.forward(x), up);
    const { activation } = this.#config;
    if (activation === 'squared-relu') return squaredRelu(up);
    return gelu(up, activation === 'gelu-tanh' ? 'tanh' : 'none');
  }

  protected override fields(): [string, unknown][] {
    const { feedForward: names } = gptNames(this.#config);
    return present({
      [names.gate]: this.gate,
      [names.up]: this.up,
      [names.down]: this.down,
      [names.dropout]: this.dropout,
    });
  }
}
