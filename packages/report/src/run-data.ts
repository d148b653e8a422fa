/** What a report shows of a run: the files of its folder, parsed. */
export interface RunData {
  /** What the report calls it: its folder. */
  readonly name: string;
  /** config.json; empty where there is none. */
  readonly config: Readonly<Record<string, unknown>>;
  /** metrics.jsonl, in the order of steps. */
  readonly metrics: readonly MetricsRow[];
  /** samples.jsonl. */
  readonly samples: readonly Samples[];
  /** statistics.jsonl. */
  readonly statistics: readonly Statistics[];
  /** Of model.safetensors, where there is one. */
  readonly model: ModelData | undefined;
}

/** A line of metrics.jsonl; losses in nats. */
export interface MetricsRow {
  /** Steps done. */
  readonly step: number;
  /** Mean of all mini-batch losses so far. */
  readonly trainLoss: number;
  /** Loss of this step's mini-batch. */
  readonly batchLoss?: number;
  /** Where it was measured at this step. */
  readonly valLoss?: number;
  /** Since the line before. */
  readonly stepsPerSecond?: number;
  /** The optimizer's at this step. */
  readonly learningRate?: number;
}

/** A line of samples.jsonl. */
export interface Samples {
  /** Steps done. */
  readonly step: number;
  /** What was drawn from the model. */
  readonly texts: readonly string[];
}

/** A line of statistics.jsonl, as far as it is drawn. */
export interface Statistics {
  /** Steps done. */
  readonly step: number;
  /** Of all parameters together. */
  readonly parameterNorm: number;
  /** Of all gradients together. */
  readonly gradientNorm: number;
  /** Norms by a parameter's name. */
  readonly parameters: Readonly<Record<string, ParameterNorms>>;
}

/** How large a parameter and its gradient are. */
export interface ParameterNorms {
  /** Of the parameter. */
  readonly values: number;
  /** Of its gradient, where one was written down. */
  readonly gradient: number | undefined;
}

/** What a model's file says. */
export interface ModelData {
  /** How many numbers it learned. */
  readonly parameterCount: number;
  /** Where symbols are by name and the model has an `embedding.weight`. */
  readonly embedding: Embedding | undefined;
}

/** A vector for each symbol. */
export interface Embedding {
  /** One for each row. */
  readonly symbols: readonly string[];
  /** `[V][C]`. */
  readonly vectors: readonly (readonly number[])[];
}
