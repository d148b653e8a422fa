import { UserError } from './errors.js';
import {
  BATCH_SIZES,
  FEW_TOKENS,
  fewerTokens,
  flagsInWords,
  MODEL_SIZES,
  type ModelConfig,
  parameterCount,
  rowSizeOf,
  sizesRead,
} from './models/index.js';
import type { ExamplesName } from './text/examples-name.js';

/**
 * What may be used of the backend's 4.29 GB, as memory becomes fragmented: runs of 3.4 GB succeeded, of 3.8 GB not.
 */
const MOST_BYTES = 3.2e9;

/** Rows that a validation scores at a time. */
const VALIDATION_ROWS = 256;

/** What makes any run need less memory. */
export const LESS_MEMORY = 'train a smaller model, or on smaller batches';

/** The sizes that decide how much memory a run takes. */
export interface RunSizes {
  readonly config: ModelConfig;
  /** Rows that are computed at once, as `RowSize` counts them: of a batch, or of a piece of it. */
  readonly rows: number;
  /** Parts of a batch whose gradients are kept until all are summed. Default: 1. */
  readonly shards?: number;
  /** Parts of a shard. Default: 1. */
  readonly accumulate?: number;
  /** Whether a mean of the weights is kept beside them. Default: false. */
  readonly isAveraged?: boolean;
  /** Whether steps are computed on a GPU, so that only weights and what is kept of them are in memory here. Default: false. */
  readonly isOnGpu?: boolean;
  /** What it is trained on, for an error that names flags. */
  readonly examples?: ExamplesName;
}

/**
 * @throws UserError when training needs more memory than the backend can have
 * @throws RangeError when the sizes aren't those of such a model
 */
export function checkMemory(run: RunSizes): void {
  const bytes = bytesOfRun(run);
  if (bytes <= MOST_BYTES) return;
  const { remedy, keys } = lessOf(run);
  throw new UserError(
    `the run must fit into the memory of WebAssembly; it takes about ${gigabytes(bytes)} GB, and there is room for ` +
      `${gigabytes(MOST_BYTES)} GB; ${remedy}`,
    { keys },
  );
}

/** What makes a run need less memory: whatever takes most of it. */
function lessOf(run: RunSizes): { readonly remedy: string; readonly keys: readonly string[] } {
  const fits = (less: Partial<RunSizes>): boolean => bytesOfRun({ ...run, ...less }) <= MOST_BYTES;
  if (fits({ shards: 1 })) {
    return { remedy: 'lower --shards, each of which has gradients of its own', keys: ['shards'] };
  }
  const { config, examples } = run;
  const isByRows = run.rows > 1 && fits({ rows: 1 });
  const sizes = [...(isByRows ? BATCH_SIZES : []), ...MODEL_SIZES];
  const read = sizesRead(config.type, sizes, examples);
  const isByTokens = fits({ config: { ...config, vocabSize: FEW_TOKENS } });
  const remedies = [
    ...(isByTokens ? [`take ${fewerTokens(config.vocabSize)}`] : []),
    ...(read.length === 0 ? [] : [`lower ${flagsInWords(read)}`]),
    ...(isByRows ? ['train with a larger --accumulate'] : []),
  ];
  const keys = [...(isByTokens ? ['tokenizer'] : []), ...read, ...(isByRows ? ['accumulate'] : [])];
  return { remedy: remedies.join(', or '), keys };
}

/**
 * The most bytes that a step has in use: while it is recorded, tfjs keeps what every operation has made until its end. The
 * factors were measured on runs where one of the terms is much larger than the others.
 */
export function bytesOfStep(run: RunSizes): number {
  const { config, rows, shards = 1, accumulate = 1, isAveraged = false } = run;
  const { tokens, embedded, hidden } = rowSizeOf(config);
  const activations = 3 * tokens + 5.2 * embedded + 10 * hidden + 15.5 * config.vocabSize;
  // gradients of all shards come together in the update, those of micro-batches in a sum
  const gathered = shards * accumulate === 1 ? 0 : 2 * shards + (accumulate === 1 ? 0 : 3);
  const copies = 5.2 + gathered + (isAveraged ? 1 : 0);
  return 4 * (copies * parameterCount(config) + rows * activations);
}

/** Copies of the weights that a run on a GPU has here: they, two means, a checkpoint's, and a mean of theirs, which stands in their place at times. */
const COPIES_OF_GPU = { all: 5, averaged: 2 };

/** About the most bytes that a run has in use, validations included. */
export function bytesOfRun(run: RunSizes): number {
  const { config, isAveraged = false, isOnGpu = false } = run;
  if (isOnGpu) {
    const copies = COPIES_OF_GPU.all + (isAveraged ? COPIES_OF_GPU.averaged : 0);
    return 4 * copies * parameterCount(config);
  }
  const { tokens, embedded, hidden } = rowSizeOf(config);
  const copies = 2.5 + (isAveraged ? 2 : 0); // the mean, and the weights while it stands in their place
  const activations = tokens + 3 * embedded + 5 * hidden + 6 * config.vocabSize;
  const validation = 4 * (copies * parameterCount(config) + VALIDATION_ROWS * activations);
  const step = bytesOfStep(run);
  return Math.max(step, step / 2 + validation); // a step that is recorded keeps at most half of it
}

const gigabytes = (bytes: number): string =>
  (bytes / 1e9).toLocaleString('en-US', { maximumFractionDigits: 1 });
