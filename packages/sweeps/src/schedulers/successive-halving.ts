import type { Promotion, Scheduler } from './scheduler.js';

/** Settings of {@link successiveHalving}. */
export interface SuccessiveHalvingOptions {
  /** Steps of the first pause. */
  readonly minSteps: number;
  /** Steps of a whole trial. */
  readonly maxSteps: number;
  /** Of this many trials one goes on; it has this many times the steps at the next pause. Default: 4. */
  readonly reduction?: number;
  /** Pauses are at multiples of it, rounded up. Default: 1. */
  readonly interval?: number;
}

/**
 * Asynchronous successive halving: a trial goes on from a pause as soon as it is among the best of those that got there, one of `reduction`
 * of them.
 *
 * Source: Li et al. (2020), "A System for Massively Parallel Hyperparameter Tuning", algorithm 2, https://arxiv.org/abs/1810.05934.
 */
export function successiveHalving(options: SuccessiveHalvingOptions): Scheduler {
  const { reduction = 4 } = options;
  const pauses = pausesOf(options);
  const rungs = pauses.map(() => new Rung());
  return {
    pauses,
    observe(trial, pause, loss) {
      rungs[pause].add({ trial, loss });
    },
    promote(isLast): Promotion | undefined {
      for (let pause = rungs.length - 1; pause >= 0; pause--) {
        const rung = rungs[pause];
        const most = Math.floor(rung.size / reduction);
        const trial = rung.promote(isLast ? Math.max(1, most) : most);
        if (trial !== undefined) return { trial, pause };
      }
      return undefined;
    },
  };
}

/** `minSteps`, then each time `reduction` times as many, as long as they are fewer than all. */
export function pausesOf(options: SuccessiveHalvingOptions): number[] {
  const { minSteps, maxSteps, reduction = 4, interval = 1 } = options;
  const pauses: number[] = [];
  for (let steps = minSteps; steps < maxSteps; steps *= reduction) {
    const pause = Math.ceil(steps / interval) * interval;
    if (pause < maxSteps && pause !== pauses.at(-1)) pauses.push(pause);
  }
  return pauses;
}

/** A trial at a pause. */
interface Entry {
  readonly trial: number;
  readonly loss: number;
}

/** The trials that got to a pause, best first. */
class Rung {
  readonly #entries: Entry[] = [];
  readonly #promoted = new Set<number>();
  /** The first that may not have been promoted: all before have. */
  #first = 0;

  get size(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#entries[middle], entry)) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, entry);
    this.#first = Math.min(this.#first, low);
  }

  /** The best that wasn't promoted yet, if it is among the best `most`. */
  promote(most: number): number | undefined {
    while (this.#first < this.size && this.#promoted.has(this.#entries[this.#first].trial)) {
      this.#first++;
    }
    const best = this.#entries.at(this.#first);
    if (best === undefined || this.#first >= most || best.loss === Infinity) return undefined;
    this.#promoted.add(best.trial);
    return best.trial;
  }
}

/** Whichever was first where they are equally good. */
const isBefore = (a: Entry, b: Entry): boolean =>
  a.loss < b.loss || (a.loss === b.loss && a.trial < b.trial);
