import type { Batch, LoaderIdentity, Pass } from '@llm101/data';
import { hashOf } from './hash.js';
import type { Generator as RandomGenerator, GeneratorState } from '@llm101/random';

/** Where the batches come from, a pass at a time; `DataLoader` of `@llm101/data` is one. */
export interface PassSource {
  /** One pass over the data, which can be repeated in the same order. */
  pass(): Pass;
  /** Where the order of a pass is drawn from, if it is drawn. */
  readonly generator?: Pick<RandomGenerator, 'state' | 'load'> | undefined;
  /** Whether its passes are only some of the data, drawn anew each time, so that one repeated would be all that is ever seen. Default: false. */
  readonly replacement?: boolean;
  /** Batches of each pass. Default: their number depends on its order. */
  readonly length?: number;
  /** What decides its batches beside the generator. Default: nothing is known of it. */
  identity?(): LoaderIdentity;
}

/** Settings of {@link InfiniteLoader}. */
export interface InfiniteLoaderOptions {
  /**
   * Whether each pass has a new order. Default: false, all have that of the first, as in `itertools.cycle`; true for a loader
   * whose passes are drawn with replacement, as `RandomLoader` of `@llm101/data`.
   */
  readonly reshuffle?: boolean;
  /**
   * Whether each order is drawn a pass ahead: the first when the loader is made, the next with the last batch of the pass before.
   * With a `RandomLoader` of `@llm101/data` that is the order of nanoGPT, which draws the next batch during a step. Needs
   * `reshuffle`. Default: false.
   */
  readonly ahead?: boolean;
}

/** Where an {@link InfiniteLoader} is. */
export interface LoaderState {
  /** Batches that it gave out of the current pass. */
  readonly batch: number;
  /** Whether that pass has an order yet; before the first batch it hasn't. */
  readonly hasOrder: boolean;
  /** The generator before it drew the order of the current pass, where there is a generator and an order. */
  readonly order: GeneratorState | undefined;
  /** The generator as it is now. */
  readonly generator: GeneratorState | undefined;
}

/**
 * Batches without end, pass after pass: `itertools.cycle(loader)`, but it keeps only the order in memory and not the
 * batches. As with that iterator, a second loop over it continues where the first one left off.
 */
export class InfiniteLoader implements Iterable<Batch> {
  readonly #loader: PassSource;
  readonly #reshuffle: boolean;
  readonly #ahead: boolean;
  #pass: Pass | undefined;
  #order: GeneratorState | undefined;
  #batch = 0;
  /** A hash of the generator as this loader was made: that of its seed, where nothing was drawn before but a model. */
  readonly #seed: string | undefined;

  /** @throws RangeError when orders are to be drawn ahead without `reshuffle` */
  constructor(
    loader: PassSource,
    { reshuffle = loader.replacement ?? false, ahead = false }: InfiniteLoaderOptions = {},
  ) {
    if (ahead && !reshuffle) {
      throw new RangeError(
        'InfiniteLoader: ahead needs reshuffle, as all passes have one order without it; set both or neither',
      );
    }
    this.#loader = loader;
    this.#reshuffle = reshuffle;
    this.#ahead = ahead;
    const state = loader.generator?.state();
    this.#seed = state && hashOf(state.words, Int32Array.of(state.index));
    if (ahead) this.#pass = this.#draw();
  }

  /** Batches of the pass that it is in, or will begin with. Nothing is drawn for it. */
  passLength(): number {
    const { generator, length } = this.#loader;
    const known = this.#pass?.length ?? length;
    if (known !== undefined) return known;
    const state = generator?.state();
    const pass = this.#loader.pass();
    if (state !== undefined) generator?.load(state);
    return pass.length;
  }

  /**
   * The batch that comes next, without taking it: nothing is drawn for good. Copied, so that it outlives the step.
   *
   * @throws RangeError when a pass has no batch
   */
  peek(): Batch {
    const { generator } = this.#loader;
    const isOver = this.#pass !== undefined && this.#batch === this.#pass.length;
    const state = generator?.state();
    const pass =
      this.#pass === undefined || (isOver && this.#reshuffle) ? this.#loader.pass() : this.#pass;
    if (state !== undefined) generator?.load(state);
    for (const batch of pass.from(isOver ? 0 : this.#batch)) return copyOf(batch);
    throw new RangeError('InfiniteLoader: a pass must have a batch; got none');
  }

  /** What decides its batches: data and layout, order, and the state in which it found the generator. */
  identity(): LoaderIdentity {
    return {
      ...this.#loader.identity?.(),
      reshuffle: this.#reshuffle,
      ...(this.#ahead && { ahead: true }),
      ...(this.#seed !== undefined && { seed: `hash ${this.#seed}` }),
    };
  }

  /**
   * Continues from where this loader is.
   *
   * @throws RangeError when a pass has no batch
   */
  *[Symbol.iterator](): Generator<Batch, never> {
    for (;;) {
      const pass = (this.#pass ??= this.#draw());
      const first = this.#batch;
      let given = 0;
      for (const batch of pass.from(first)) {
        given++;
        this.#batch = first + given;
        if (this.#ahead && this.#batch === pass.length) this.#next();
        yield batch;
      }
      if (first === 0 && given === 0) {
        throw new RangeError('InfiniteLoader: a pass must have a batch; got none');
      }
      if (this.#pass === pass) this.#next();
    }
  }

  /** All that is needed to continue from here. The order itself isn't in it: it is drawn again. */
  state(): LoaderState {
    const hasOrder = this.#pass !== undefined;
    return {
      batch: this.#batch,
      hasOrder,
      order: hasOrder ? this.#order : undefined,
      generator: this.#loader.generator?.state(),
    };
  }

  /**
   * Continues from a state, and so does the generator of the loader.
   *
   * @throws RangeError when the state is that of a loader with more batches, or with a generator where this has none
   */
  load(state: LoaderState): void {
    const { generator } = this.#loader;
    if ((generator === undefined) !== (state.generator === undefined)) {
      throw new RangeError(
        `InfiniteLoader: a state must come from a loader ${generator === undefined ? 'without' : 'with'} a generator, ` +
          'as this one; got another',
      );
    }
    if (state.order !== undefined) generator?.load(state.order);
    const pass = state.hasOrder ? this.#draw() : undefined;
    const most = pass?.length ?? 0;
    if (!Number.isSafeInteger(state.batch) || state.batch < 0 || state.batch > most) {
      throw new RangeError(
        `InfiniteLoader: batch of a state must be a whole number from 0 to ${most}; got ${state.batch}`,
      );
    }
    this.#pass = pass;
    this.#batch = state.batch;
    if (state.generator !== undefined) generator?.load(state.generator);
  }

  /** Begins the next pass, which is drawn now or, without `ahead`, when its first batch is asked for. */
  #next(): void {
    this.#batch = 0;
    if (this.#reshuffle) this.#pass = this.#ahead ? this.#draw() : undefined;
  }

  #draw(): Pass {
    this.#order = this.#loader.generator?.state();
    return this.#loader.pass();
  }
}

const copyOf = ({ size, contextSize, inputs, targets, weights, answers }: Batch): Batch => ({
  size,
  contextSize,
  inputs: inputs.slice(),
  targets: targets.slice(),
  ...(weights && { weights: weights.slice() }),
  ...(answers && { answers: answers.slice() }),
});
