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
  readonly step: number;
  readonly trainLoss: number;
  readonly batchLoss?: number;
  readonly valLoss?: number;
  readonly stepsPerSecond?: number;
  readonly learningRate?: number;
}

/** A line of samples.jsonl. */
export interface Samples {
  readonly step: number;
  readonly texts: readonly string[];
}

/** A line of statistics.jsonl, as far as it is drawn. */
export interface Statistics {
  readonly step: number;
  readonly parameterNorm: number;
  readonly gradientNorm: number;
  /** Norms by a parameter's name. */
  readonly parameters: Readonly<Record<string, ParameterNorms>>;
}

/** How large a parameter and its gradient are. */
export interface ParameterNorms {
  readonly values: number;
  readonly gradient: number | undefined;
}

/** What a model's file says. */
export interface ModelData {
  readonly parameterCount: number;
  /** Where symbols are by name and the model has an `embedding.weight`. */
  readonly embedding: Embedding | undefined;
}

/** A vector for each symbol. */
export interface Embedding {
  readonly symbols: readonly string[];
  /** `[V][C]`. */
  readonly vectors: readonly (readonly number[])[];
}
