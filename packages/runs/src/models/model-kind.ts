import type { LanguageModel, Module } from '@llm101/models';
import type { Generator } from '@llm101/random';
import type { EvaluationData, PassSource, Trainable } from '@llm101/training';
import type { z } from 'zod';
import type { PreparedData } from '../prepare-data.js';

/** The numbers that a model computes for a row of a batch, for an estimate of memory. */
export interface RowSize {
  /** Tokens read. */
  readonly tokens: number;
  /** Components of their embeddings. */
  readonly embedded: number;
  /** Activations of hidden layers. */
  readonly hidden: number;
}

/**
 * A kind of model, as `--model` names it: all that a run has to know about it. `Sizes` is what its network is made from,
 * `Read` the settings that it reads.
 */
export interface ModelKind<
  Sizes extends { readonly vocabSize: number },
  Read,
  Net extends Network = Network,
> {
  /** The settings that it reads; where only some kinds read a setting, it is refused for the others. */
  readonly reads: Readonly<Record<keyof Read & string, true>>;
  /** Checks sizes that come from a file. */
  readonly sizes: z.ZodType<Sizes>;
  /** The sizes that the settings ask for. */
  sizesOf(settings: Read, vocabSize: number): Sizes;
  /** Makes the network; the generator draws its initial values. */
  make(sizes: Sizes, generator: Generator): Net;
  /** How many parameters such a network has. */
  parameterCount(sizes: Sizes): number;
  /** The numbers that such a network computes for a row. */
  rowSize(sizes: Sizes): RowSize;
  /** Multiplications of the products in a forward pass, for a row as {@link RowSize} counts them. */
  multiplications(sizes: Sizes): number;
  /** The setting that says how many rows a batch has, which can be cut into shards. */
  readonly rowsSetting: 'batchSize' | 'packedRows';
  /** Rows of a batch, as {@link RowSize} counts them. */
  batchRows(settings: Read, data: PreparedData): number;
  /** The network as it is trained: on every position of a sequence, or on what follows a window. */
  trained(network: Net): Trainable;
  /** The batches that train the network and those that validate it. */
  examples(data: PreparedData, options: ExamplesOptions<Read>): Examples;
}

/** A model that can be trained and sampled. Token 0 begins each line that it learns from, so it fills contexts up with it. */
export type Network = Module & LanguageModel & { readonly padsContexts: true };

/** What a model is trained and validated on. */
export interface Examples {
  readonly loader: PassSource;
  /** Every token of every validation line, once. */
  readonly validation: EvaluationData;
}

/** How examples are made. */
export interface ExamplesOptions<Read> {
  readonly settings: Read;
  /** Tokens that the network sees. */
  readonly contextSize: number;
  /** Draws the order of the batches. */
  readonly generator: Generator;
}
