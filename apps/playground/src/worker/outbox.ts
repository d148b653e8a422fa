import { post } from './post.js';

/** Messages a second at most: a frame each. */
const INTERVAL_MS = 16;

/** Steps that one message can have. */
const MOST = 4096;

/** Gathers the losses of steps, of which there may be ten thousand a second, and sends them once a frame. */
export class Outbox {
  #losses = new Float32Array(MOST);
  #count = 0;
  #last = 0;
  #trainLoss = 0;
  #sentMs = performance.now();
  readonly #learningRate: () => number;

  /** @param learningRate - that of the step before */
  constructor(learningRate: () => number) {
    this.#learningRate = learningRate;
  }

  add(step: number, batchLoss: number, trainLoss: number): void {
    this.#losses[this.#count++] = batchLoss;
    this.#last = step;
    this.#trainLoss = trainLoss;
    if (this.#count === MOST || performance.now() - this.#sentMs >= INTERVAL_MS) this.flush();
  }

  /** Leaves out the time since the last message: the run has paused. */
  restart(): void {
    this.#sentMs = performance.now();
  }

  /** Sends what is there. */
  flush(): void {
    const now = performance.now();
    const elapsedMs = now - this.#sentMs;
    this.#sentMs = now;
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    const losses = this.#losses.slice(0, count);
    post(
      {
        type: 'steps',
        first: this.#last - count + 1,
        losses,
        trainLoss: this.#trainLoss,
        learningRate: this.#learningRate(),
        stepsPerSecond: (count / elapsedMs) * 1000,
      },
      [losses.buffer],
    );
  }
}
