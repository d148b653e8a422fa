import type { Evaluation } from '@llm101/training';

/** A validation of a run. */
export interface Validation {
  readonly step: number;
  readonly evaluation: Evaluation;
  readonly trainEstimate?: number;
}

/** Texts that were drawn at a step. */
export interface Samples {
  readonly step: number;
  readonly texts: readonly string[];
}

/** The weights' hash at a step. */
export interface Fingerprint {
  readonly step: number;
  readonly sha256: string;
}
