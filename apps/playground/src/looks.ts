/** What the page can ask about the inside of a run, and what it gets. Arrays are row-major. */
import type { NodeArithmetic, TreeLevel, TreeNode } from '@llm101/models';
import type { WatchedActivation, WatchedParameter } from '@llm101/training';

/** A line that one types. */
interface LineInput {
  readonly line: string;
}

/** The line that is looked at first. */
export const FIRST_LINE = 'emma';

/** The line at a position: what a model is given there, and what it makes of that. */
export interface SeenPosition {
  /** The tokens that it sees, oldest first, as they are written. */
  readonly seen: readonly string[];
  /** What comes next in the line; nothing at the end of one that has no end. */
  readonly target: string | undefined;
  /** What the model gives that. */
  readonly probability: number;
  /** The likeliest, the first first. */
  readonly guesses: readonly { readonly text: string; readonly probability: number }[];
}

/** A line as the model reads it. */
export interface SeenLine {
  /** Tokens of the line, the one that begins it among them. */
  readonly texts: readonly string[];
  /** Whether it was too long, so that these are its last tokens. */
  readonly isCut: boolean;
  /** Whether a model has a row for each position, a window, or reads all in one. */
  readonly form: 'windows' | 'row';
  readonly positions: readonly SeenPosition[];
}

/** Activations of a line, as a tree. */
export interface TreeLook {
  readonly kind: 'cnn' | 'wavenet' | 'mlp';
  /** What follows a sum. */
  readonly activation: string;
  readonly levels: readonly Omit<TreeLevel, 'inputs'>[];
  readonly arithmetic: NodeArithmetic | undefined;
  /** Of an MLP, `[T, H]`: what each position adds to each unit of its first hidden layer. */
  readonly connections: Float32Array | undefined;
}

/** Input of a tree: the line, which row of it, a window where there are some, and the node whose arithmetic is wanted. */
interface TreeInput extends LineInput {
  readonly row: number;
  readonly at: Omit<TreeNode, 'row'> | undefined;
}

/** The attention of a layer. */
export interface AttentionMap {
  /** `layer 1`, `between patches 1`, `within the patch 1` */
  readonly part: 'layer' | 'global' | 'local';
  readonly number: number;
  readonly heads: number;
  /** What its positions are. */
  readonly labels: readonly string[];
  /** `[heads, T, T]` */
  readonly values: Float32Array<ArrayBuffer>;
}

/** What a recurrent network has in mind after each token of a line. */
interface StatesLook {
  readonly texts: readonly string[];
  readonly layers: readonly LayerStates[];
}

/** States and gates of a recurrent layer. */
export interface LayerStates {
  readonly cell: 'gru' | 'lstm';
  readonly hiddenSize: number;
  /** `[T, H]` each. */
  readonly values: readonly { readonly name: string; readonly values: Float32Array }[];
}

/** A table of tokens by tokens. */
interface TableLook {
  readonly symbols: readonly string[];
  /** `[V, V]`: row i has the probability of each token after token i. */
  readonly probabilities: Float32Array<ArrayBuffer>;
}

/** Vectors of tokens on a plane. */
export interface EmbeddingLook {
  /** Names of the tables that the model has. */
  readonly tables: readonly string[];
  readonly table: string;
  readonly channels: number;
  readonly symbols: readonly string[];
  readonly points: readonly (readonly [x: number, y: number])[];
  /** The share of the variance that each direction explains; 1 in all where there are two. */
  readonly explained: readonly [number, number];
  /** Whether there are more tokens. */
  readonly isCut: boolean;
}

/** What layers and parameters do on the batch that comes next. */
export interface ActivityLook {
  readonly activations: readonly WatchedActivation[];
  readonly parameters: readonly WatchedParameter[];
}

/** A tensor of weights as a picture. */
interface WeightsLook {
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly name: string;
  readonly shape: readonly number[];
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array<ArrayBuffer>;
  /** Whether only its first rows and columns are here. */
  readonly isCut: boolean;
}

/** The batch that the next step learns from. */
interface BatchLook {
  readonly size: number;
  readonly contextSize: number;
  /** The mean, before the step. */
  readonly loss: number;
  /** The first rows. */
  readonly rows: readonly BatchRow[];
}

/** A row of a batch. */
export interface BatchRow {
  readonly tokens: readonly string[];
  /** One for the row, or for each of its tokens; `undefined` where it doesn't count. */
  readonly targets: readonly (string | undefined)[];
  /** In nats. */
  readonly losses: readonly number[];
}

/** What can be asked about the inside of a run. */
export interface Looks {
  /** A line, and what is seen at each position. */
  seen: { readonly input: LineInput; readonly output: SeenLine };
  /** Of a CNN, a WaveNet and an MLP. */
  tree: { readonly input: TreeInput; readonly output: TreeLook };
  /** Of a GPT and a MEGABYTE. */
  attention: {
    readonly input: LineInput & { readonly position: number };
    readonly output: readonly AttentionMap[];
  };
  /** Of a GRU and an LSTM. */
  states: { readonly input: LineInput; readonly output: StatesLook };
  /** Of a bigram. */
  table: { readonly input: undefined; readonly output: TableLook };
  embedding: {
    readonly input: { readonly table: string | undefined };
    readonly output: EmbeddingLook;
  };
  activity: { readonly input: undefined; readonly output: ActivityLook };
  weights: { readonly input: { readonly name: string | undefined }; readonly output: WeightsLook };
  batch: { readonly input: undefined; readonly output: BatchLook };
}
