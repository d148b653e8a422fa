import type { Feed, NumericArray } from '@llm101/wasm/recording';
import { clone, keep, Tensor } from '@tensorflow/tfjs-core';
import type { GpuProgram } from './gpu-program.js';

/** The calls of all steps of one GPU. They are submitted in their order: one whose kernels are still being compiled has those after it wait. */
export class Calls {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Resolves once all that were made are submitted, or have failed. */
  get submitted(): Promise<unknown> {
    return this.#last;
  }

  /**
   * Runs a program with the arguments and the variables that there are now.
   *
   * @returns the values of its results, later
   */
  async add(program: GpuProgram, feeds: readonly Feed[]): Promise<NumericArray[]> {
    const release = program.hold();
    try {
      return await (program.isReady && this.#waiting === 0
        ? program.run(feeds)
        : this.#queue(program, feeds));
    } finally {
      release();
    }
  }

  async #queue(program: GpuProgram, feeds: readonly Feed[]): Promise<NumericArray[]> {
    const kept = feeds.map(copyOf);
    const taken = program.take();
    this.#waiting++;
    const submitted = this.#last
      .then(() => program.ready)
      .then(
        () => ({ values: program.run(kept, taken) }), // not awaited: the next call needn't wait for them
        (error) => {
          taken.write();
          throw error;
        },
      )
      .finally(() => {
        this.#waiting--;
        taken.end();
        for (const feed of kept) if (feed instanceof Tensor) feed.dispose();
      });
    this.#last = submitted.catch(() => {}); // whoever called is told
    const { values } = await submitted;
    return values;
  }
}

/** An argument that doesn't change any more. */
function copyOf(feed: Feed): Feed {
  if (typeof feed === 'number') return feed;
  if (feed instanceof Tensor) return keep(clone(feed));
  return { values: feed.values.slice(), shape: feed.shape };
}
