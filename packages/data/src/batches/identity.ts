import { digits, hashNumbers as add, START } from '../hash.js';
import type { TokenLines } from '../tokens/token-lines.js';
import type { Dataset } from './dataset.js';

/** What decides a loader's batches beside its generator; a run that resumes must have the same. */
export type LoaderIdentity = Readonly<Record<string, string | number | boolean>>;

/** A hash of all rows of a data set and their targets, in their order. It tells texts apart; it isn't cryptographic. */
export function hashDataset(dataset: Dataset): string {
  if (dataset.hash !== undefined) return dataset.hash();
  const row = new Int32Array(dataset.contextSize);
  const targets = new Int32Array(dataset.targetsPerRow);
  let hash = START;
  for (let i = 0; i < dataset.length; i++) {
    dataset.copyRow(i, row, 0);
    dataset.copyTargets(i, targets, 0);
    hash = add(add(hash, row), targets);
  }
  return digits(hash);
}

/** A hash of tokens in their order, of which of them is the padding, and of which positions count. */
export const hashLines = ({
  tokens,
  paddingIndex,
  answers = new Int32Array(),
}: TokenLines): string => digits(add(add(add(START, tokens), [paddingIndex]), answers));
