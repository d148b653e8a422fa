import type { Histogram } from './pictures/histogram.js';

/** What a report shows of a run: the files of its folder, parsed. */
export interface RunData {
  /** The run's name in the report: its folder. */
  readonly name: string;
  /** config.json; empty where there is none. */
  readonly config: Readonly<Record<string, unknown>>;
  /** metrics.jsonl, in the order of steps. */
  readonly metrics: readonly MetricsRow[];
  /** samples.jsonl. */
  readonly samples: readonly Samples[];
  /** statistics.jsonl. */
  readonly statistics: readonly Statistics[];
  /** model.safetensors, where there is one. */
  readonly model: ModelData | undefined;
  /** SHA-256 of the weights in the end, of fingerprint.json, where there is one; the page shows its first eight digits. */
  readonly weightsSha256?: string | undefined;
  /** origin.json, where there is one. */
  readonly origin?: RunOrigin | undefined;
  /** What it came to, where something else than its log says so, as a sweep of its trials. Default: the best that was logged. */
  readonly result?: RunResult | undefined;
}

/** A figure of a run. */
export interface RunResult {
  /** `valLoss`. */
  readonly metric: string;
  readonly value: number;
  /** Steps done. */
  readonly step: number;
}

/** Where a run comes from. */
export interface RunOrigin {
  /** The start of the run, and each time that it was resumed. */
  readonly sessions: readonly Session[];
}

/** A stretch of a run; what isn't known is missing. */
export interface Session {
  /** ISO 8601, in UTC. */
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  readonly durationMs?: number | undefined;
  /** How it ended: `finished`, `no better`, `stopped`, `failed`. */
  readonly reason?: string | undefined;
  /** The command line. */
  readonly command?: readonly string[] | undefined;
  readonly machine: Machine;
  /** By the name of a program: `node`. */
  readonly versions: Readonly<Record<string, string>>;
  readonly git?: GitState | undefined;
}

/** The machine of a run. */
export interface Machine {
  readonly os?: string | undefined;
  readonly arch?: string | undefined;
  readonly cpu?: string | undefined;
  readonly cores?: number | undefined;
  readonly memoryBytes?: number | undefined;
}

/** The commit that a run was started from. */
export interface GitState {
  readonly commit: string;
  readonly branch?: string | undefined;
  /** Whether a file that git knows differed from the commit. */
  readonly isDirty: boolean;
  readonly remote?: string | undefined;
}

/** A line of metrics.jsonl; losses in nats. */
export interface MetricsRow {
  /** Steps done. */
  readonly step: number;
  /** Mean of all mini-batch losses so far. */
  readonly trainLoss: number;
  /** Loss of this step's mini-batch. */
  readonly batchLoss?: number;
  /** Validation loss, if measured at this step. */
  readonly valLoss?: number;
  /** Fraction of whole answers that the validation found right, if lines have answers. */
  readonly valAnswerAccuracy?: number;
  /** Speed since the previous line. */
  readonly stepsPerSecond?: number;
  /** The optimizer's learning rate at this step. */
  readonly learningRate?: number;
}

/** A line of samples.jsonl. */
export interface Samples {
  /** Steps done. */
  readonly step: number;
  /** Texts sampled from the model. */
  readonly texts: readonly string[];
}

/** The drawn part of a line of statistics.jsonl. */
export interface Statistics {
  /** Steps done. */
  readonly step: number;
  /** The norm of all parameters together. */
  readonly parameterNorm: number;
  /** The norm of all gradients together. */
  readonly gradientNorm: number;
  /** Norms by a parameter's name. */
  readonly parameters: Readonly<Record<string, ParameterNorms>>;
}

/** How large a parameter and its gradient are. */
export interface ParameterNorms {
  /** The norm of the parameter. */
  readonly values: number;
  /** The norm of its gradient, where recorded. */
  readonly gradient: number | undefined;
  /** How its values and those of its gradient are distributed; kept of the last line alone, and where recorded. */
  readonly histograms?: { readonly values?: Histogram; readonly gradient?: Histogram };
  /** The smallest, 5, 25, 50, 75 and 95 %, and the largest of them; kept of some lines, evenly spread, and where recorded. */
  readonly quantiles?: {
    readonly values?: readonly number[];
    readonly gradient?: readonly number[];
  };
}

/** What a report needs of a model's file. */
export interface ModelData {
  /** The number of trained parameters. */
  readonly parameterCount: number;
  /** Present if the model has a matrix of a row for each token that isn't too large to be drawn, and a tokenizer that names its tokens. */
  readonly embedding: Embedding | undefined;
}

/** A vector for each symbol. */
export interface Embedding {
  /** Of the matrix in the model's file, such as `embedding.weight` or `transformer.wte.weight`. */
  readonly name: string;
  /** One for each vector. */
  readonly symbols: readonly string[];
  /** `[V][C]`. */
  readonly vectors: readonly (readonly number[])[];
}
