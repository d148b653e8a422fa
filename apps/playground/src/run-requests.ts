/** What the room of runs asks a worker, and how runs come in and go home. Part of {@link Requests} in `protocol.ts`. */
import type { Settings } from '@llm101/runs';
import type { Flags, OwnText } from './flags.js';
import type { Samples, Validation } from './happenings.js';

/** The programs that train what a run trains, each with what it refuses to write. */
export type RunCode = Readonly<
  Record<CodeLanguage, { readonly program: string } | { readonly refusal: string }>
>;

/** What a program is written in. */
export type CodeLanguage = 'typescript' | 'pytorch';

/** What a run begins with besides its settings and its text. */
export interface Basis {
  /** The weights that it begins with, as a model's file. */
  readonly initial?: InitialWeights | undefined;
  /** The tokenizer of a run that has it from a file or a model: JSON. */
  readonly tokenizer?: string | undefined;
}

/** Weights that a run begins with. */
export interface InitialWeights {
  /** What the settings call them: `run 1 at step 300`. */
  readonly name: string;
  readonly file: Uint8Array<ArrayBuffer>;
  /** The settings that the run must have, as the weights do. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

/** What a run that comes from elsewhere brings: a worker puts it where the run is kept, and needs it once. */
export interface Brought {
  /** The file of its newest checkpoint. */
  readonly checkpoint?: Uint8Array<ArrayBuffer> | undefined;
  /** Its logs, as the files of a run folder. */
  readonly logs: Readonly<Record<'metrics' | 'samples' | 'statistics', string>>;
}

/** A file that someone gave the page. */
export interface GivenFile {
  /** Within the folder that was given, where it was one. */
  readonly path: string;
  readonly file: Blob;
}

/** What files turned out to be, by their bytes. */
export type GivenFiles =
  | { readonly kind: 'text'; readonly name: string; readonly sha256: string }
  | ({ readonly kind: 'run' } & GivenRun)
  | {
      readonly kind: 'model';
      readonly name: string;
      readonly step: number;
      readonly basis: Basis;
      readonly flags: Flags;
    };

/** A run that was taken from files. */
export interface GivenRun {
  readonly name: string;
  readonly flags: Flags;
  /** Steps done. */
  readonly step: number;
  readonly basis: Basis | undefined;
  readonly brought: Brought;
  /** Its text, where it is one's own and came with it. */
  readonly text: OwnText | undefined;
  /** Its text, where that isn't here and must be given too. */
  readonly missing: { readonly name: string; readonly sha256: string } | undefined;
  /** What its logs say. */
  readonly history: RunHistory;
  readonly warnings: readonly string[];
}

/** What was heard of a run before. */
export interface RunHistory {
  readonly validations: readonly Validation[];
  readonly samples: readonly Samples[];
  readonly trainLoss: number;
}

/** What can be taken home of a run. */
export const takings = [
  'folder',
  'checkpoint',
  'model',
  'metrics',
  'safetensors',
  'onnx',
  'gguf',
  'hugging-face',
  'report',
  'page',
] as const;

/** The name of something that can be taken home. */
export type Taking = (typeof takings)[number];

/** A setting that runs differ in. */
export interface Difference {
  readonly key: string;
  readonly title: string;
  /** One for each run; nothing where a run doesn't read it. */
  readonly values: readonly (string | undefined)[];
}

/** Rows of `Requests`. */
export interface RunRequests {
  /** The programs that train the same. */
  code: { readonly input: undefined; readonly output: RunCode };
  /** What files are: a text, or a run that goes on here. */
  give: { readonly input: { readonly files: readonly GivenFile[] }; readonly output: GivenFiles };
  /** A file of the run, to be kept elsewhere. */
  take: {
    readonly input: { readonly what: Taking; readonly name: string };
    readonly output: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };
  };
  /** What another run needs that begins with this one's weights. */
  branch: {
    readonly input: { readonly name: string };
    readonly output: {
      readonly step: number;
      readonly flags: Flags;
      readonly initial: InitialWeights;
    };
  };
  /** Where the settings of runs differ. */
  differences: {
    readonly input: { readonly settings: readonly Settings[] };
    readonly output: readonly Difference[];
  };
}
