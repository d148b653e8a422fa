import { portableExp } from '../portable-exp.js';
import { portableLog } from '../portable-log.js';

const CELLS = 4096;
/** Logits beyond this are taken for it: a probability of 6e-6. */
const MOST = 12;
const STEPS = 128;

/**
 * Probabilities to logits and back, by tables that are made of exactly defined arithmetic; `Math.exp` and `Math.log`
 * may differ between engines.
 */
export class Logistic {
  readonly #stretched = new Float64Array(CELLS);
  readonly #squashed = new Float64Array(2 * MOST * STEPS + 2);

  constructor() {
    for (let i = 0; i < CELLS; i++) {
      const p = (i + 0.5) / CELLS;
      this.#stretched[i] = portableLog(p / (1 - p));
    }
    for (let i = 0; i < this.#squashed.length; i++) {
      this.#squashed[i] = 1 / (1 + portableExp(MOST - i / STEPS));
    }
  }

  /** ln(p / (1 - p)), in 4,096 steps. */
  stretch(p: number): number {
    return this.#stretched[Math.min(Math.floor(p * CELLS), CELLS - 1)];
  }

  /** 1 / (1 + e^-x), linear between points 1/128 apart. */
  squash(x: number): number {
    const place = (Math.min(Math.max(x, -MOST), MOST) + MOST) * STEPS;
    const i = Math.floor(place);
    return this.#squashed[i] + (place - i) * (this.#squashed[i + 1] - this.#squashed[i]);
  }
}
