import { Generator } from '@llm101/random';
import { type RawSettings, resolveLeniently } from '@llm101/runs';
import { type Job, jobKey, type Result } from './results.js';
import { samplers } from './samplers/index.js';
import type { Sampler } from './samplers/sampler.js';
import { makeScheduler } from './schedulers/index.js';
import type { Scheduler } from './schedulers/scheduler.js';
import type { Point } from './space/space.js';
import type { Sweep } from './sweep.js';

/** A point that is tried. */
export interface Trial {
  /** From 0 on, in the order in which the points were chosen. */
  readonly number: number;
  readonly point: Point;
  /** The last result of each of its seeds. */
  readonly results: ReadonlyMap<number, Result>;
}

/** A trial on the simulated cluster, until its pause or its end. */
interface Flight {
  readonly trial: PlannedTrial;
  /** The number of its pause; that of the pauses where it goes on to its end. */
  readonly pause: number;
  /** When it ends, in steps. */
  readonly ends: number;
  /** The seeds that it waits for. */
  readonly waitsFor: Set<number>;
}

interface PlannedTrial extends Trial {
  readonly results: Map<number, Result>;
}

/**
 * Decides which trials run and which go on. Its decisions follow from the sweep and from results alone, never from when these arrive:
 * it simulates a cluster of `inFlight` equal machines on which every step takes the same time, and at each decision knows what has ended
 * there by then. So a result that comes early waits for its turn, and a decision waits for the results that it knows of there.
 *
 * Where decisions don't depend on results, nothing waits.
 */
export class SweepPlan {
  readonly #sweep: Sweep;
  readonly #sampler: Sampler;
  readonly #scheduler: Scheduler;
  readonly #machines: number;
  readonly #trials: PlannedTrial[] = [];
  readonly #flights = new Set<Flight>();
  /** By the keys of jobs that weren't reported yet. */
  readonly #open = new Map<string, Flight>();
  /** Decided, and not taken yet. */
  readonly #ready: Job[] = [];
  readonly #settings: RawSettings;
  /** Of the simulated cluster, in steps. */
  #now = 0;
  #totalSteps = 0;
  /** Whether no new trial is to come. */
  #isFull = false;
  /** Whether the steps of the sweep are used up. */
  #isUsedUp = false;

  constructor(sweep: Sweep) {
    this.#sweep = sweep;
    const { space } = sweep;
    this.#settings = resolveLeniently({ flags: sweep.settings }).settings;
    const kind = samplers[sweep.sampler];
    const generator = Generator.seeded(sweep.seed);
    this.#sampler = kind.make({ space, settings: this.#settings, generator });
    this.#scheduler = makeScheduler(sweep);
    const waits = kind.learns || this.#scheduler.pauses.length > 0;
    this.#machines = waits ? sweep.inFlight : Infinity;
  }

  /** The trials so far, by their numbers. */
  get trials(): readonly Trial[] {
    return this.#trials;
  }

  /** Decides whether there is more to be done. @returns whether all is done */
  ends(): boolean {
    return this.#ready.length === 0 && this.#flights.size === 0 && this.#decide() === undefined;
  }

  /** The next job; nothing while results are to be waited for, or where it is over. */
  next(): Job | undefined {
    for (;;) {
      const job = this.#ready.shift();
      if (job !== undefined) return job;
      if (this.#flights.size < this.#machines && this.#decide() !== undefined) continue;
      if (!this.#settleEarliest()) return undefined;
    }
  }

  /**
   * Enters what came of a job.
   *
   * @throws RangeError when that job isn't awaited
   */
  report(result: Result): void {
    const key = jobKey(result);
    const flight = this.#open.get(key);
    if (flight === undefined) {
      throw new RangeError(`SweepPlan: a result must be of a job that was given out; got ${key}`);
    }
    this.#open.delete(key);
    flight.trial.results.set(result.repetition, result);
    flight.waitsFor.delete(result.repetition);
    if (this.#machines === Infinity && flight.waitsFor.size === 0) this.#flights.delete(flight);
  }

  /** Starts what is to be started now on the simulated cluster. @returns nothing where that is nothing */
  #decide(): Flight | undefined {
    if (this.#isUsedUp) return undefined;
    const isLast = this.#isFull && this.#flights.size === 0;
    const promotion = this.#scheduler.promote(isLast);
    if (promotion !== undefined) {
      return this.#start(this.#trials[promotion.trial], promotion.pause + 1);
    }
    const { trials = Infinity } = this.#sweep;
    const point = this.#isFull || this.#trials.length >= trials ? undefined : this.#sampler.next();
    if (point === undefined) {
      const wasFull = this.#isFull;
      this.#isFull = true;
      return wasFull || this.#flights.size > 0 ? undefined : this.#decide(); // the best of each pause may go on now
    }
    const trial = { number: this.#trials.length, point, results: new Map<number, Result>() };
    this.#trials.push(trial);
    return this.#start(trial, 0);
  }

  #start(trial: PlannedTrial, pause: number): Flight | undefined {
    const { pauses } = this.#scheduler;
    const until = pauses.at(pause);
    const steps = (until ?? this.#stepsOf(trial)) - (pause === 0 ? 0 : pauses[pause - 1]);
    const repetitions = Array.from({ length: this.#sweep.seeds }, (_, i) => i).filter(
      (repetition) => trial.results.get(repetition)?.status !== 'finished',
    );
    const { maxTotalSteps = Infinity } = this.#sweep;
    this.#totalSteps += steps * repetitions.length;
    if (this.#totalSteps > maxTotalSteps) {
      this.#isUsedUp = true;
      if (pause === 0) this.#trials.pop();
      return undefined;
    }
    const flight = { trial, pause, ends: this.#now + steps, waitsFor: new Set(repetitions) };
    this.#flights.add(flight);
    for (const repetition of repetitions) {
      const job = { trial: trial.number, repetition, until };
      this.#open.set(jobKey(job), flight);
      this.#ready.push(job);
    }
    return flight;
  }

  /** Steps of a whole run; epochs count as steps where it has these. */
  #stepsOf({ point }: Trial): number {
    const { epochs, maxSteps } = { ...this.#settings, ...point };
    return Number(Object.hasOwn(point, 'maxSteps') ? maxSteps : (epochs ?? maxSteps));
  }

  /** Ends what ends first on the simulated cluster, once its results are there. @returns whether it did */
  #settleEarliest(): boolean {
    let first: Flight | undefined;
    for (const flight of this.#machines === Infinity ? [] : this.#flights) {
      if (first === undefined || flight.ends < first.ends) first = flight;
    }
    if (first === undefined || first.waitsFor.size > 0) return false;
    const { trial, pause, ends } = first;
    this.#flights.delete(first);
    this.#now = ends;
    const loss = lossOf(trial, this.#sweep);
    const { pauses } = this.#scheduler;
    let step = 0;
    for (const result of trial.results.values()) step = Math.max(step, result.step);
    this.#sampler.observe(trial.number, { point: trial.point, step, loss });
    if (pause < pauses.length) this.#scheduler.observe(trial.number, pause, loss);
    return true;
  }
}

/**
 * The objective of a trial, the mean over its seeds, such that less is better.
 *
 * @returns `Infinity` where one of them failed, or none has a value yet
 */
export function lossOf({ results }: Trial, { direction }: Sweep): number {
  const values = [...results.values()].map(({ status, value }) =>
    status === 'failed' ? undefined : value,
  );
  let sum = 0;
  for (const value of values) {
    if (value === undefined || Number.isNaN(value)) return Infinity;
    sum += value;
  }
  if (values.length === 0) return Infinity;
  return (direction === 'minimize' ? sum : -sum) / values.length;
}
