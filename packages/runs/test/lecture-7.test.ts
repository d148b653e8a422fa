// Lecture 7's GPT as a student writes it: a LanguageModel of one's own by public names, trained compiled and sampled.
import { BlockDataset, DataLoader, tokensInMemory } from '@llm101/data';
import {
  causalAttention,
  Embedding,
  gelu,
  lastPosition,
  LayerNorm,
  Linear,
  Module,
  sample,
  type LanguageModel,
} from '@llm101/models';
import { Generator } from '@llm101/random';
import { adamw, evaluate, everyPosition, InfiniteLoader, train } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { add, range, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

class Block extends Module {
  readonly norm1: LayerNorm;
  readonly qkv: readonly Linear[];
  readonly out: Linear;
  readonly norm2: LayerNorm;
  readonly fc1: Linear;
  readonly fc2: Linear;

  constructor(C: number, generator: Generator) {
    super();
    this.norm1 = new LayerNorm(C);
    this.qkv = [0, 1, 2].map(() => new Linear(C, C, generator, { bias: false }));
    this.out = new Linear(C, C, generator, { bias: false });
    this.norm2 = new LayerNorm(C);
    this.fc1 = new Linear(C, 4 * C, generator);
    this.fc2 = new Linear(4 * C, C, generator);
  }

  forward(x: Tensor3D): Tensor3D {
    const normal = this.norm1.forward(x);
    const [query, key, value] = this.qkv.map((linear) => linear.forward(normal));
    const y = add<Tensor3D>(x, this.out.forward(causalAttention(query, key, value, { heads: 4 })));
    return add(y, this.fc2.forward(gelu(this.fc1.forward(this.norm2.forward(y)))));
  }
}

class StudentGPT extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize = 12;
  readonly embedding: Embedding;
  readonly positions: Embedding;
  readonly blocks: readonly Block[];
  readonly head: Linear;

  constructor(vocabSize: number, generator: Generator) {
    super();
    this.vocabSize = vocabSize;
    this.embedding = new Embedding(vocabSize, 32, generator);
    this.positions = new Embedding(this.contextSize, 32, generator);
    this.blocks = [0, 1].map(() => new Block(32, generator));
    this.head = new Linear(32, vocabSize, generator);
  }

  sequenceLogits(tokens: Tensor2D): Tensor3D {
    const places = this.positions.forward(range(0, tokens.shape[1], 1, 'int32')); // [T, C]
    let x = add<Tensor3D>(this.embedding.forward(tokens), places);
    for (const block of this.blocks) x = block.forward(x);
    return this.head.forward(x); // [B, T, V]
  }

  logits(tokens: Tensor2D): Tensor2D {
    return lastPosition(this.sequenceLogits(tokens));
  }
}

it('is a class, a call to train and a call to sample', async () => {
  await startBackend();
  const text = 'the cat sat on the mat. the dog sat on the log. '.repeat(20);
  const symbols = [...new Set(text)].toSorted();
  const tokens = Int32Array.from(text, (character) => symbols.indexOf(character));
  const rows = new BlockDataset(tokensInMemory(tokens), { contextSize: 12 });

  const generator = Generator.seeded(101);
  const gpt = new StudentGPT(symbols.length, generator);
  const model = everyPosition(gpt);
  const batches = new InfiniteLoader(
    new DataLoader(rows, { batchSize: 16, shuffle: true, generator }),
  );
  const optimizer = adamw(gpt.parameters(), { learningRate: 0.01 });
  await train({ model, optimizer, batches, maxSteps: 150, compile });
  const { loss } = await evaluate(model, new DataLoader(rows, { batchSize: 64 }), { compile });
  expect(loss).toBeLessThan(0.5); // ln 14 is 2.6

  const prompt = Array.from('the ', (character) => symbols.indexOf(character));
  const options = { generator, prompt, endToken: 'none', maxLength: 40, compile } as const;
  const [drawn] = sample(gpt, { ...options, temperature: 0 });
  const written = drawn.map((token) => symbols[token]).join('');
  expect(text).toContain(written.slice(0, 12));
});
