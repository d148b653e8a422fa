import { cnnParameterCount, mlpParameterCount, type ModelSizes } from '@llm101/models';
import type { ModelType } from './make-model.js';
import { LESS_MEMORY } from './out-of-memory.js';
import { UserError } from './user-error.js';

/**
 * What may be used of the 4.29 GB of the backend's memory. It falls into pieces as tensors come and go: runs of 3.4 GB
 * went through, of 3.8 GB not.
 */
const MOST_BYTES = 3.2e9;

/** Rows that a validation judges at a time. */
const VALIDATION_ROWS = 256;

/** A run, as far as memory goes. */
export interface RunSizes {
  readonly type: ModelType;
  readonly sizes: ModelSizes;
  /** Rows of a batch: no more than the data has. */
  readonly rows: number;
}

/**
 * @throws UserError when training needs more memory than the backend can have
 * @throws RangeError when the sizes are none of such a model
 */
export function checkMemory(run: RunSizes): void {
  const bytes = bytesOfRun(run);
  if (bytes <= MOST_BYTES) return;
  throw new UserError(
    `the run must fit into the memory of WebAssembly; it takes about ${gigabytes(bytes)} GB, and there is room for ` +
      `${gigabytes(MOST_BYTES)} GB; ${LESS_MEMORY}`,
  );
}

/**
 * The most that a step has in use: while it is recorded, tfjs keeps what every operation has made until its end. The
 * factors were measured on runs where one of the terms is much larger than the others.
 */
export function bytesOfStep({ type, sizes, rows }: RunSizes): number {
  const { vocabSize: V, contextSize: T, dEmbed: C } = sizes;
  const activations = 3 * T + 5.2 * T * C + 10 * hiddenCells(type, sizes) + 15.5 * V;
  return 4 * (5.2 * parameterCount(type, sizes) + rows * activations);
}

function bytesOfRun(run: RunSizes): number {
  const { type, sizes } = run;
  const { vocabSize: V, contextSize: T, dEmbed: C } = sizes;
  const activations = T + 3 * T * C + 5 * hiddenCells(type, sizes) + 6 * V;
  const validation = 4 * (2.5 * parameterCount(type, sizes) + VALIDATION_ROWS * activations);
  const step = bytesOfStep(run);
  return Math.max(step, step / 2 + validation); // a step that is recorded already holds on to half of it at most
}

function parameterCount(type: ModelType, sizes: ModelSizes): number {
  return type === 'mlp' ? mlpParameterCount(sizes) : cnnParameterCount(sizes);
}

/** Numbers that the hidden layers make of a row: T/2 + T/4 + … + 1 columns in a convolutional network. */
function hiddenCells(type: ModelType, { contextSize, dHidden }: ModelSizes): number {
  return type === 'mlp' ? dHidden : (contextSize - 1) * dHidden;
}

const gigabytes = (bytes: number): string =>
  (bytes / 1e9).toLocaleString('en-US', { maximumFractionDigits: 1 });
