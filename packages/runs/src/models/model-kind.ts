import type { TextTokenizer } from '@llm101/data';
import type { LanguageModel, Module } from '@llm101/models';
import type { Generator } from '@llm101/random';
import type { EvaluationData, InfiniteLoader, Trainable } from '@llm101/training';
import type { z } from 'zod';
import type { ExamplesName } from '../text/examples-name.js';
import type { PreparedData } from '../text/prepare-data.js';
import type { TextPart } from '../text/text-part.js';

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
 * Multiplications of the products in a forward pass, exactly; a looked-up row, sums, norms, activation functions and the softmax are
 * no products.
 */
export interface Products {
  /** Of hidden layers, attention's matrices among them. */
  readonly layers: number;
  /** Of queries with keys, and of weights with values: each position with itself and those before it in its row. */
  readonly attention: number;
  /** Of the scores. */
  readonly head: number;
}

/** The settings that every kind may read beside its own. */
export interface SharedSettings {
  readonly examples: ExamplesName;
}

/** The settings that a kind reads: under any examples, or under lines or blocks alone. */
export type Reads<Read> = Readonly<Record<keyof Read & string, true | ExamplesName>>;

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
  readonly reads: Reads<Read>;
  /** Settings that are other ones by default for this kind. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Checks sizes that come from a file. */
  readonly sizes: z.ZodType<Sizes>;
  /** The sizes that the settings ask for. Under lines token 0 begins each line, under blocks no token does. */
  sizesOf(settings: Read & SharedSettings, vocabSize: number): Sizes;
  /** Makes the network; the generator draws its initial values. */
  make(sizes: Sizes, generator: Generator): Net;
  /** How many parameters such a network has. */
  parameterCount(sizes: Sizes): number;
  /** The numbers that such a network computes for a row. */
  rowSize(sizes: Sizes): RowSize;
  /** Parameters of tables that tokens and positions are looked up in, among them one that the head shares. */
  embedded(sizes: Sizes): number;
  /** The multiplications of a forward pass for a row as {@link RowSize} counts them. */
  products(sizes: Sizes): Products;
  /** What it learns from: `windowExamples`, `sequenceExamples`, or its own. */
  readonly examples: ExampleMaker<Read, Net>;
}

/** A model that can be trained and sampled. */
export type Network = Module & LanguageModel;

/** How a text becomes examples for a kind of model, under lines and under blocks. */
export interface ExampleMaker<Read, Net extends Network = Network> {
  /** The setting that says how many rows a batch has, which can be cut into shards. */
  rowsSetting(settings: SharedSettings): 'batchSize' | 'packedRows';
  /** Rows of a batch, as {@link RowSize} counts them; without data as if there were enough of it. */
  batchRows(settings: Read & SharedSettings, data?: PreparedData): number;
  /** Targets of a batch. Default: one for each of those rows. */
  batchTargets?(settings: Read & SharedSettings): number;
  /** The network as it is trained: on every position of a sequence, or on what follows a window. */
  trained(network: Net): Trainable;
  /** What the network learns from, and is validated on. */
  make(data: PreparedData, options: ExamplesOptions<Read>): Examples;
  /** Every token of a text, once, or some that are spread evenly over a stream: what a finished model is measured on. */
  every(part: TextPart, options: ValidationOptions): EvaluationData;
  /** Tokens that a stream must have for `every` to score one. Default: 2, the second of which is scored. */
  leastScored?(contextSize: number): number;
}

/** What a model is trained and validated on. */
export interface Examples {
  readonly batches: InfiniteLoader;
  readonly validation: EvaluationData;
  /** Where a validation is random batches: as many of the training text, scored before it. */
  readonly trainEstimate?: EvaluationData | undefined;
}

/** How {@link ExampleMaker.every} makes them. */
export interface ValidationOptions {
  readonly tokenizer: TextTokenizer;
  /** Tokens that the network sees. */
  readonly contextSize: number;
  /** Tokens of a stream that are scored at most, about. Default: all. */
  readonly most?: number | undefined;
}

/** How examples are made. */
export interface ExamplesOptions<Read> {
  readonly settings: Read & ExamplesSettings;
  /** Tokens that the network sees. */
  readonly contextSize: number;
  /** Draws the order of the batches. */
  readonly generator: Generator;
}

/** Blocks at random offsets, each once a pass in a random order, or one after the other. */
export type BlockOrder = 'random' | 'shuffled' | 'in-order';

/** The settings of examples that any kind reads. */
export interface ExamplesSettings extends SharedSettings {
  readonly reshuffle: boolean;
  /** How blocks follow each other. */
  readonly order: BlockOrder;
  /** Batches of a validation, of blocks random ones; 0: all of the text that is held out. */
  readonly valBatches: number;
}
