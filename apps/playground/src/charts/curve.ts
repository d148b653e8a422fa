/** Values by step, in a number of buckets that doesn't grow: where they are full, each two neighbours become one. */
const MOST_BUCKETS = 4096;

/** The steps of a bucket, and what their values were. */
export interface Bucket {
  /** Its first and last step. */
  readonly from: number;
  readonly to: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** A curve of steps that come in order, a value each; memory stays the same however many there are. */
export class Curve {
  /** Steps a bucket. */
  #width = 1;
  #first = 1;
  #count = 0;
  #full = 0;
  readonly #sums = new Float64Array(MOST_BUCKETS);
  readonly #least = new Float32Array(MOST_BUCKETS);
  readonly #most = new Float32Array(MOST_BUCKETS);

  /** Steps that it has values of. */
  get length(): number {
    return this.#count;
  }

  /** Buckets that have values. */
  get buckets(): number {
    return this.#full;
  }

  /** The number of its first step. */
  get first(): number {
    return this.#first;
  }

  /** Begins anew at a step, as a run does that goes on with what was done elsewhere. */
  startAt(step: number): void {
    this.#first = step;
    this.#count = 0;
    this.#full = 0;
    this.#width = 1;
  }

  push(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) {
      if (this.#count === MOST_BUCKETS * this.#width) this.#halve();
      const at = Math.floor(this.#count / this.#width);
      if (at === this.#full) {
        this.#sums[at] = 0;
        this.#least[at] = Infinity;
        this.#most[at] = -Infinity;
        this.#full += 1;
      }
      this.#sums[at] += values[i];
      this.#least[at] = Math.min(this.#least[at], values[i]);
      this.#most[at] = Math.max(this.#most[at], values[i]);
      this.#count += 1;
    }
  }

  at(bucket: number): Bucket {
    const before = bucket * this.#width;
    const steps = Math.min(this.#width, this.#count - before);
    return {
      from: this.#first + before,
      to: this.#first + before + steps - 1,
      mean: this.#sums[bucket] / steps,
      least: this.#least[bucket],
      most: this.#most[bucket],
    };
  }

  /** The bucket of a step, or the nearest. */
  bucketOf(step: number): number {
    const at = Math.floor((step - this.#first) / this.#width);
    return Math.max(0, Math.min(this.#full - 1, at));
  }

  /** All of it as plain values, to be kept. */
  save(): SavedCurve {
    const n = this.#full;
    return {
      first: this.#first,
      width: this.#width,
      count: this.#count,
      sums: this.#sums.slice(0, n),
      least: this.#least.slice(0, n),
      most: this.#most.slice(0, n),
    };
  }

  /** What was saved, up to a step: what came after isn't true any more where a run goes on from there. */
  load(saved: SavedCurve, lastStep: number): void {
    const count = Math.max(0, Math.min(saved.count, lastStep - saved.first + 1));
    const whole = count === saved.count ? saved.sums.length : Math.floor(count / saved.width);
    this.#first = saved.first;
    this.#width = saved.width;
    this.#full = whole;
    this.#count = count === saved.count ? count : whole * saved.width;
    this.#sums.set(saved.sums.subarray(0, whole));
    this.#least.set(saved.least.subarray(0, whole));
    this.#most.set(saved.most.subarray(0, whole));
  }

  #halve(): void {
    const half = MOST_BUCKETS / 2;
    for (let i = 0; i < half; i++) {
      this.#sums[i] = this.#sums[2 * i] + this.#sums[2 * i + 1];
      this.#least[i] = Math.min(this.#least[2 * i], this.#least[2 * i + 1]);
      this.#most[i] = Math.max(this.#most[2 * i], this.#most[2 * i + 1]);
    }
    this.#full = half;
    this.#width *= 2;
  }
}

/** A {@link Curve} as it is kept. */
export interface SavedCurve {
  readonly first: number;
  readonly width: number;
  readonly count: number;
  readonly sums: Float64Array<ArrayBuffer>;
  readonly least: Float32Array<ArrayBuffer>;
  readonly most: Float32Array<ArrayBuffer>;
}
