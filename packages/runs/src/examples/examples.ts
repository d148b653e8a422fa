import type { LanguageModel, Module } from '@llm101/models';
import type { Generator } from '@llm101/random';
import type { EvaluationData, PassSource, Trainable } from '@llm101/training';

/** A model that can be trained and sampled. */
export type Network = Module & LanguageModel;

/** What a model is trained and validated on. */
export interface Examples {
  /** The model as it is trained: on every position of a sequence, or on what follows a window. */
  readonly trained: Trainable;
  readonly loader: PassSource;
  /** Every token of every validation line, once. */
  readonly validation: EvaluationData;
}

/** How examples are made. */
export interface ExamplesOptions<Read> {
  readonly settings: Read;
  /** Draws the order of the batches. */
  readonly generator: Generator;
}
