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
}

/** What a report needs of a model's file. */
export interface ModelData {
  /** The number of trained parameters. */
  readonly parameterCount: number;
  /** Present if the model has an `embedding.weight` that isn't too large to be drawn, and a tokenizer of characters. */
  readonly embedding: Embedding | undefined;
}

/** A vector for each symbol. */
export interface Embedding {
  /** One for each vector. */
  readonly symbols: readonly string[];
  /** `[V][C]`. */
  readonly vectors: readonly (readonly number[])[];
}
