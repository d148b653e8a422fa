import type { Dataset } from './dataset.js';

/** The rows of a data set in as few bytes as their tokens need. */
export interface CompactRows extends Pick<Dataset, 'length' | 'contextSize'> {
  /** `[N, T]` */
  readonly inputs: Tokens;
  /** `[N]` */
  readonly targets: Tokens;
}

type Tokens = Uint8Array | Int32Array;

/**
 * A copy of a data set whose tokens take a byte each, if all of them fit. Rows are read in random order, so that
 * most reads miss the cache: a batch of 32 windows of 16 tokens took 9 µs to gather from int32, and 1.3 µs from bytes.
 */
export function compactRows({ length, contextSize, inputs, targets }: Dataset): CompactRows {
  return { length, contextSize, inputs: compact(inputs), targets: compact(targets) };
}

function compact(tokens: Int32Array): Tokens {
  const bytes = new Uint8Array(tokens);
  for (let i = 0; i < tokens.length; i++) if (bytes[i] !== tokens[i]) return tokens;
  return bytes;
}
