/** What the room "use" asks of a worker: of the run's, between two steps, or of one of its own that has a copy of the model. */
import type { ChannelKind, NextToken } from '@llm101/inference';

/** Requests about a model that is used; rows of `Requests`. */
export interface UseRequests {
  /** Of the run as it is: what may follow a text. */
  next: { readonly input: NextInput; readonly output: NextOutput };
  /** The run's model as a file, `model.safetensors`, with its step. */
  model: { readonly input: Nothing; readonly output: ModelFile };
  /** Of the run's held-out text the first characters, which it hasn't learned from. */
  heldOut: { readonly input: Nothing; readonly output: TextInput };
  /** Opens a model, which the requests below use. */
  open: { readonly input: Bytes; readonly output: OpenedModel };
  surprise: { readonly input: TextInput; readonly output: SurpriseOutput; readonly progress: Done };
  write: { readonly input: WriteInput; readonly output: Nothing; readonly progress: WrittenPart };
  denoise: { readonly input: DenoiseInput; readonly output: DenoiseOutput };
  compress: {
    readonly input: CompressInput;
    readonly output: CompressOutput;
    readonly progress: Done;
  };
  decompress: { readonly input: Bytes; readonly output: Bytes; readonly progress: Done };
}

type Nothing = Readonly<Record<string, never>>;

interface Bytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface TextInput {
  readonly text: string;
}

/** How far something has come. */
export interface Done {
  readonly done: number;
  readonly all: number;
}

/** How what comes next is drawn. */
export interface Drawing {
  readonly temperature: number;
  /** All where it is undefined. */
  readonly topK: number | undefined;
  readonly topP: number;
  readonly seed: number;
}

interface NextInput extends TextInput {
  readonly drawing: Drawing;
  /** Tokens that were drawn after the text. */
  readonly drawn: readonly number[];
}

/** What may come next, and what would be drawn. */
export interface NextOutput {
  readonly step: number;
  /** The likeliest first. */
  readonly tokens: readonly NextToken[];
  /** Of what the model gives, before temperature, topK and topP. */
  readonly entropyBits: number;
  readonly draw: Draw;
}

/** A draw: the parts of the tokens lie in [0, 1) one after the other, in their order; the random number falls into one. */
export interface Draw {
  readonly u: number;
  readonly token: NextToken;
}

/** A model at a step. */
export interface ModelFile extends Bytes {
  readonly step: number;
}

/** What a model that was opened is. */
export interface OpenedModel {
  readonly sha256: string;
  readonly step: number;
}

/** How surprising each part of a text is; `[n]` each. */
export interface SurpriseOutput {
  readonly texts: readonly string[];
  /** 1 for the end of a line. */
  readonly ends: Uint8Array<ArrayBuffer>;
  /** NaN where the model doesn't know the part. */
  readonly bits: Float32Array<ArrayBuffer>;
  readonly entropies: Float32Array<ArrayBuffer>;
  /** 1 for its first guess; 0 where it doesn't know it. */
  readonly ranks: Int32Array<ArrayBuffer>;
  readonly totalBits: number;
  /** That it knows, and that it doesn't. */
  readonly characters: number;
  readonly unknown: number;
  /** What all tokens alike would cost, `log2 V` each. */
  readonly uniformBits: number;
}

interface WriteInput {
  readonly prompt: string;
  readonly drawing: Drawing;
  readonly count: number;
  readonly maxLength: number;
}

/** A part of a text that is being written. */
export interface WrittenPart {
  /** The text's number, 0 first. */
  readonly index: number;
  /** What may be shown now: the prompt first. */
  readonly text: string;
  /** `-log2 p` of what was drawn; undefined for the prompt. */
  readonly bits: number | undefined;
}

interface DenoiseInput extends TextInput {
  readonly channel: ChannelKind;
  /** How likely a character is changed, 0 to 1. */
  readonly rate: number;
  readonly seed: number;
  /** The likeliest character at each place, or the likeliest line. */
  readonly decode: 'letters' | 'names';
}

/** Lines as they were sent, received and put right; `[n]` characters each. */
export interface DenoiseOutput {
  readonly lines: readonly NoisyLine[];
  readonly characters: number;
  readonly wrongBefore: number;
  readonly wrongAfter: number;
  readonly setRight: number;
  readonly broken: number;
}

/** A line and what became of it. */
export interface NoisyLine {
  readonly sent: readonly string[];
  readonly received: readonly string[];
  readonly corrected: readonly string[];
}

/** By the model alone, the model and what the text itself shows, or the latter alone. */
export type CodecMethod = 'model' | 'mix' | 'text';

interface CompressInput extends Bytes {
  readonly method: CodecMethod;
}

/** A compressed text, and what to compare it with. */
export interface CompressOutput extends Bytes {
  readonly codeBytes: number;
  readonly characters: number;
  /** Bytes of characters that the model doesn't know. */
  readonly escapes: number;
  /** What the model's own probabilities would need. */
  readonly crossEntropyBytes: number | undefined;
  /** By conditional entropies, with 0 to 3 bytes before each known. */
  readonly entropies: readonly number[];
  readonly durationMs: number;
}
