/** What the page asks about texts: those that there are, toy tasks of some sizes, and the text of a run. */

import type { Flags, OwnText } from './flags.js';
import type { Basis } from './run-requests.js';

/** Requests about texts; rows of `Requests`. */
export interface TextRequests {
  /** The toy tasks, and the one that a data set's name means. */
  toys: { readonly input: { readonly data: string }; readonly output: Toys };
  /** How a toy task of some sizes is called. */
  toyName: {
    readonly input: { readonly name: string; readonly sizes: Readonly<Record<string, number>> };
    readonly output: { readonly data: string };
  };
  /**
   * What simpler models come to on the held-out text of a run, those of short n-grams first. It takes a while, and needs no run: a worker that
   * has none is asked.
   */
  baselines: {
    readonly input: {
      readonly flags: Flags;
      readonly text: OwnText | undefined;
      readonly basis: Basis | undefined;
    };
    readonly output: undefined;
    readonly progress: Baseline;
  };
  /** What is in the text that a run learns from. */
  text: { readonly input: undefined; readonly output: TextLook };
}

/** What n-grams come to. */
export interface Baseline {
  /** Tokens of an n-gram; 0 where all tokens are alike. */
  readonly order: number;
  /** Cross-entropy of the held-out text, in nats a token, as a model's loss. */
  readonly loss: number;
}

/** Tasks by name, and the one that was asked for. */
interface Toys {
  readonly tasks: readonly { readonly name: string; readonly about: string }[];
  readonly chosen: ChosenToy | undefined;
}

/** A task and its sizes, each with what it may be. */
export interface ChosenToy {
  readonly name: string;
  readonly about: string;
  readonly sizes: readonly {
    readonly name: string;
    readonly about: string;
    readonly least: number;
    readonly most: number;
    readonly value: number;
  }[];
}

/** A token as it is written, and its number. */
export interface ShownToken {
  readonly text: string;
  readonly id: number;
}

/** A text as a run's tokenizer sees it. */
export interface TextLook {
  readonly examples: 'lines' | 'blocks';
  /** The first lines. */
  readonly lines: readonly (readonly ShownToken[])[];
  readonly vocabSize: number;
  /** The most frequent tokens, with how often they occur. */
  readonly vocabulary: readonly (ShownToken & { readonly count: number })[];
  /** Tokens that were counted: all, of a very long text the first. */
  readonly counted: number;
  readonly tokens: number;
  readonly train: TextPartSize;
  readonly val: TextPartSize;
  /** Of a text of lines that isn't too long to compare them. */
  readonly duplicates: TextDuplicates | undefined;
}

interface TextPartSize {
  readonly tokens: number;
  /** Where its examples are lines. */
  readonly lines: number | undefined;
}

interface TextDuplicates {
  readonly lines: number;
  readonly distinct: number;
  readonly heldOut: number;
  /** Lines that are held out, and are learned from too. */
  readonly heldOutInTrain: number;
}
