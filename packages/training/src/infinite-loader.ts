import type { Batch, Pass } from '@llm101/data';

/** Where the batches come from, a pass at a time; `DataLoader` of `@llm101/data` is one. */
export interface PassSource {
  /** One way through the data, which can be walked again in the same order. */
  pass(): Pass;
}

/** Settings of {@link InfiniteLoader}. */
export interface InfiniteLoaderOptions {
  /** `false` (unless given): each pass in the order of the first, as `itertools.cycle`; `true`: each in a new one. */
  readonly reshuffle?: boolean;
}

/**
 * Batches without end, pass after pass: `itertools.cycle(loader)`, but that it keeps the order alone in memory and not
 * the batches.
 */
export class InfiniteLoader implements Iterable<Batch> {
  readonly #loader: PassSource;
  readonly #reshuffle: boolean;

  constructor(loader: PassSource, { reshuffle = false }: InfiniteLoaderOptions = {}) {
    this.#loader = loader;
    this.#reshuffle = reshuffle;
  }

  *[Symbol.iterator](): Generator<Batch, never> {
    let pass = this.#loader.pass();
    for (;;) {
      yield* pass;
      if (this.#reshuffle) pass = this.#loader.pass();
    }
  }
}
