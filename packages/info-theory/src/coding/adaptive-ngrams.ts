import { NgramModel, type NgramOptions } from '../language/ngram-model.js';
import { scaledFrequencies } from './scaled-frequencies.js';
import type { SymbolCoder } from './symbol-coder.js';
import type { SymbolModel } from './symbol-model.js';

/** Settings of {@link AdaptiveNgrams}. */
export interface AdaptiveNgramsOptions extends NgramOptions {
  /** The symbol that ends a sequence; without one all is one sequence. */
  readonly separator?: number;
}

/** An {@link NgramModel} that learns what it codes. */
export class AdaptiveNgrams implements SymbolModel {
  readonly size: number;
  readonly #model: NgramModel;
  readonly #separator: number | undefined;
  readonly #context: number[] = [];

  /** @throws RangeError when an option is out of its range */
  constructor({ separator, ...options }: AdaptiveNgramsOptions) {
    this.#model = new NgramModel(options);
    this.size = options.size;
    this.#separator = separator;
  }

  code(coder: SymbolCoder, symbol: number): number {
    const table = scaledFrequencies(this.#model.probabilities(this.#context));
    const coded = coder.code(table, symbol);
    this.#model.observeNext(this.#context, coded);
    this.#context.push(coded);
    if (coded === this.#separator) this.#context.length = 0;
    return coded;
  }
}
