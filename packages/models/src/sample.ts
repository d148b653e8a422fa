import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { Generator, randomInt64 } from '@llm101/random';
import { checkSizes } from './check-sizes.js';
import { draw } from './draw.js';
import type { LanguageModel } from './language-model.js';
import { softmax } from './softmax.js';

/** What {@link sample} draws. */
export interface SampleOptions {
  /** How many sequences; one unless given. */
  readonly count?: number;
  readonly generator: Generator;
  /** Tokens that each sequence starts with; none unless given. */
  readonly prompt?: ArrayLike<number>;
  /** Above 1 bolder, below 1 safer, 0 always the likeliest; 1 unless given. */
  readonly temperature?: number;
  /** Where a sequence without end is cut off, the prompt counted in; 100 tokens unless given. */
  readonly maxLength?: number;
}

/** The index of the token that pads a context and ends a sequence. */
const END = 0;

/**
 * Sequences drawn from a model: each next token by its probability, until the end token (index 0) comes.
 *
 * Sequence i depends on the generator and on i alone, not on how many are asked for.
 *
 * @returns `count` sequences of tokens, the prompt at their head, without the end token
 * @throws RangeError when an option is out of range, or the model's scores aren't numbers
 */
export function sample(model: LanguageModel, options: SampleOptions): number[][] {
  const { count = 1, generator, prompt = [], temperature = 1, maxLength = 100 } = options;
  checkSizes('sample', { count, maxLength });
  checkTemperature(temperature);
  checkPrompt(prompt, model.vocabSize);

  const open = Array.from({ length: count }, () => ({
    generator: Generator.seeded(randomInt64(generator)),
    tokens: Array.from(prompt),
  }));
  const sequences = open.map(({ tokens }) => tokens);
  let growing = open.filter(({ tokens }) => tokens.length < maxLength);
  while (growing.length > 0) {
    const scores = nextScores(
      model,
      growing.map(({ tokens }) => tokens),
    );
    growing = growing.filter(({ generator, tokens }, i) => {
      const next = draw(softmax(scores[i], temperature), generator.nextDouble());
      if (next !== END) tokens.push(next);
      return next !== END && tokens.length < maxLength;
    });
  }
  return sequences;
}

/** The model's scores for what follows each sequence, `[V]` each. */
function nextScores(model: LanguageModel, sequences: readonly number[][]): Float32Array[] {
  const { contextSize: T, vocabSize: V } = model;
  const context = new Int32Array(sequences.length * T); // zeros pad
  for (const [row, tokens] of sequences.entries()) {
    const seen = tokens.slice(-T);
    context.set(seen, (row + 1) * T - seen.length);
  }
  const scores = tidy(() =>
    model.logits(tensor2d(context, [sequences.length, T], 'int32')).dataSync<'float32'>(),
  );
  if (scores.some(Number.isNaN)) {
    throw new RangeError(
      'sample: the model gives NaN; it has diverged, train it again with a lower learning rate',
    );
  }
  return sequences.map((_, row) => scores.subarray(row * V, (row + 1) * V));
}

function checkTemperature(temperature: number): void {
  if (!Number.isFinite(temperature) || temperature < 0) {
    throw new RangeError(`sample: temperature must be finite and not negative; got ${temperature}`);
  }
}

function checkPrompt(prompt: ArrayLike<number>, vocabSize: number): void {
  for (const token of Array.from(prompt)) {
    if (!Number.isInteger(token) || token < 1 || token >= vocabSize) {
      throw new RangeError(
        `sample: prompt tokens must be from 1 to ${vocabSize - 1}; got ${token}`,
      );
    }
  }
}
