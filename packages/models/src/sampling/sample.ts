import { Generator, randomInt64 } from '@llm101/random';
import { checkSizes } from '../checks.js';
import type { LanguageModel } from '../language-model.js';
import { sequenceReader, type Compile } from './next-token-scores.js';
import { checkNarrowing, draw, narrow, softmax, type Narrowing } from './probabilities.js';

/** What {@link sample} draws. */
export interface SampleOptions extends Narrowing {
  /** How many sequences; one unless given. */
  readonly count?: number;
  /** Draws the seed of each sequence. */
  readonly generator: Generator;
  /** Tokens that each sequence starts with; none unless given. */
  readonly prompt?: ArrayLike<number>;
  /** Above 1 bolder, below 1 safer, 0 always the likeliest; 1 unless given. */
  readonly temperature?: number;
  /** Where a sequence without end is cut off, the prompt counted in; 100 tokens unless given. */
  readonly maxLength?: number;
  /** How a model with a `stream` is run: `compile` of `@llm101/wasm`; unless given, as it is. */
  readonly compile?: Compile;
}

/** The index of the token that pads a context and ends a sequence. */
const END = 0;

/** Sequences that are drawn at once; more need more memory and gain nothing. */
const BATCH = 1000;

/** A sequence in the making. */
interface Draft {
  readonly generator: Generator;
  readonly tokens: number[];
}

/**
 * Sequences drawn from a model: each next token by its probability, until the end token (index 0) comes. A model that has
 * a `stream` reads each token once.
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
  checkNarrowing('sample', options);
  checkPrompt(prompt, model.vocabSize);

  const drafts = Array.from({ length: count }, () => ({
    generator: Generator.seeded(randomInt64(generator)),
    tokens: Array.from(prompt),
  }));
  for (let first = 0; first < count; first += BATCH) {
    complete(model, drafts.slice(first, first + BATCH), { ...options, temperature, maxLength });
  }
  return drafts.map(({ tokens }) => tokens);
}

/** Draws token after token until every draft has ended or is as long as it may be. */
function complete(model: LanguageModel, drafts: readonly Draft[], options: Settings): void {
  const { temperature, maxLength, compile } = options;
  const reader = sequenceReader(model, drafts.length, compile);
  try {
    let growing = drafts
      .map((draft, row) => ({ ...draft, row }))
      .filter(({ tokens }) => tokens.length < maxLength);
    while (growing.length > 0) {
      const scores = reader.scores(growing);
      growing = growing.filter(({ generator, tokens }, i) => {
        const probabilities = narrow(softmax(scores[i], temperature), options);
        const next = draw(probabilities, generator.nextDouble());
        if (next !== END) tokens.push(next);
        return next !== END && tokens.length < maxLength;
      });
    }
  } finally {
    reader.dispose();
  }
}

type Settings = SampleOptions & Required<Pick<SampleOptions, 'temperature' | 'maxLength'>>;

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
