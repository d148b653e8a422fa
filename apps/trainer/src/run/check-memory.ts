import { parameterCount } from './make-model.js';
import { LESS_MEMORY } from '../terminal/out-of-memory.js';
import type { Recipe } from './recipe.js';
import { UserError } from '../settings/user-error.js';

/**
 * What may be used of the 4.29 GB of the backend's memory. It falls into pieces as tensors come and go: runs of 3.4 GB
 * went through, of 3.8 GB not.
 */
const MOST_BYTES = 3.2e9;

/** Rows that a validation judges at a time. */
const VALIDATION_ROWS = 256;

/** A run, as far as memory goes. */
export interface RunSizes {
  readonly recipe: Recipe;
  /** Rows of a batch, no more than the data has; of a WaveNet positions. */
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
export function bytesOfStep({ recipe, rows }: RunSizes): number {
  const { tokens, embedded, hidden } = cellsOf(recipe);
  const activations = 3 * tokens + 5.2 * embedded + 10 * hidden + 15.5 * recipe.vocabSize;
  return 4 * (5.2 * parameterCount(recipe) + rows * activations);
}

function bytesOfRun(run: RunSizes): number {
  const { recipe } = run;
  const { tokens, embedded, hidden } = cellsOf(recipe);
  const activations = tokens + 3 * embedded + 5 * hidden + 6 * recipe.vocabSize;
  const validation = 4 * (2.5 * parameterCount(recipe) + VALIDATION_ROWS * activations);
  const step = bytesOfStep(run);
  return Math.max(step, step / 2 + validation); // a step that is recorded already holds on to half of it at most
}

/** Numbers that a row is made of: tokens, their embeddings, what hidden layers make of them. */
function cellsOf(recipe: Recipe): { tokens: number; embedded: number; hidden: number } {
  if (recipe.type === 'wavenet') {
    const { channels, depth, blocks } = recipe;
    return { tokens: 1, embedded: channels, hidden: 4 * channels * depth * blocks }; // a, b, gated, residual
  }
  const { type, contextSize: T, dEmbed: C, dHidden: H } = recipe;
  // T/2 + T/4 + … + 1 columns in a convolutional network
  return { tokens: T, embedded: T * C, hidden: type === 'mlp' ? H : (T - 1) * H };
}

const gigabytes = (bytes: number): string =>
  (bytes / 1e9).toLocaleString('en-US', { maximumFractionDigits: 1 });
