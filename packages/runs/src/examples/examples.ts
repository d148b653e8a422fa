import type { LanguageModel, Module } from '@llm101/models';
import type { Generator } from '@llm101/random';
import type { EvaluationData, PassSource, Trainable } from '@llm101/training';

/** A model that learns a language. */
export type Network = Module & LanguageModel;

/** What a model learns from and what it is measured by. */
export interface Examples {
  /** The model as it learns: from every position of a sequence, or from what follows a window. */
  readonly trained: Trainable;
  readonly loader: PassSource;
  /** Every token of every validation line, once. */
  readonly validation: EvaluationData;
}

/** What examples are made by. */
export interface ExamplesOptions<Read> {
  readonly settings: Read;
  /** Draws the order of the batches. */
  readonly generator: Generator;
}
