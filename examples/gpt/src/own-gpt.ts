import {
  causalAttention,
  Embedding,
  gelu,
  lastPosition,
  LayerNorm,
  Linear,
  Module,
  type LanguageModel,
} from '@llm101/models';
import type { Generator } from '@llm101/random';
import { add, slice, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';

/** How many numbers represent a position. */
const C = 64;

/** Attention, then feed-forward, each of a normalised input and added to it. */
class Block extends Module {
  readonly norm1 = new LayerNorm(C);
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly out: Linear;
  readonly norm2 = new LayerNorm(C);
  readonly fc1: Linear;
  readonly fc2: Linear;

  constructor(generator: Generator) {
    super();
    const square = (): Linear => new Linear(C, C, generator, { bias: false });
    [this.query, this.key, this.value, this.out] = [square(), square(), square(), square()];
    this.fc1 = new Linear(C, 4 * C, generator);
    this.fc2 = new Linear(4 * C, C, generator);
  }

  forward(x: Tensor3D): Tensor3D {
    const y = this.norm1.forward(x);
    const [query, key, value] = [this.query, this.key, this.value].map((p) => p.forward(y));
    const gathered = causalAttention(query, key, value, { heads: 4 });
    const mixed = add<Tensor3D>(x, this.out.forward(gathered));
    const hidden = gelu(this.fc1.forward(this.norm2.forward(mixed)));
    return add(mixed, this.fc2.forward(hidden));
  }
}

/** The lecture's GPT by public names: three blocks of four heads. */
export class OwnGPT extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize: number;
  readonly embedding: Embedding;
  readonly positions: Embedding;
  readonly blocks: readonly Block[];
  readonly norm = new LayerNorm(C);
  readonly head: Linear;

  constructor([vocabSize, contextSize]: readonly [V: number, T: number], generator: Generator) {
    super();
    [this.vocabSize, this.contextSize] = [vocabSize, contextSize];
    this.embedding = new Embedding(vocabSize, C, generator);
    this.positions = new Embedding(contextSize, C, generator);
    this.blocks = Array.from({ length: 3 }, () => new Block(generator));
    this.head = new Linear(C, vocabSize, generator);
  }

  /** Scores of what follows each position: `[B, T]` to `[B, T, V]`. */
  sequenceLogits(tokens: Tensor2D): Tensor3D {
    const positions = slice(this.positions.weight, 0, tokens.shape[1]); // [T, C]
    let x = add<Tensor3D>(this.embedding.forward(tokens), positions); // [B, T, C]
    for (const block of this.blocks) x = block.forward(x);
    return this.head.forward(this.norm.forward(x));
  }

  /** Scores of what follows each row: `[B, T]` to `[B, V]`. */
  logits(tokens: Tensor2D): Tensor2D {
    return lastPosition(this.sequenceLogits(tokens));
  }
}
