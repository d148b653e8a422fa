import type { SymbolCoder } from '@llm101/info-theory';
import type { LanguageModel } from '@llm101/models';
import type { CrossEntropy } from './cross-entropy.js';

/** How a network codes, in lanes or mixed. */
export interface NetworkOptions {
  readonly coder: SymbolCoder;
  readonly model: LanguageModel;
  /** Symbols in all. */
  readonly length: number;
  /** An encoder's: what the network's probabilities would need. */
  readonly crossEntropy?: CrossEntropy | undefined;
  /** Told how many symbols are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}
