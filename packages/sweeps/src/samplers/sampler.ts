import type { Generator } from '@llm101/random';
import type { RawSettings } from '@llm101/runs';
import type { Point, Space } from '../space/space.js';

/** What came of a point that was tried. */
export interface Observation {
  readonly point: Point;
  /** Steps after which it was measured; more count for more. */
  readonly step: number;
  /** The objective, such that less is better; `Infinity` where the trial failed. */
  readonly loss: number;
}

/** Says what is tried next. */
export interface Sampler {
  /** The next point; nothing where the space has no other. */
  next(): Point | undefined;
  /** Enters what came of the trial of that number, which counts from 0; a later call for the same replaces it. */
  observe(trial: number, observation: Observation): void;
}

/** What a sampler is made of. */
export interface SamplerOptions {
  readonly space: Space;
  /** What isn't varied, defaults among it. */
  readonly settings: RawSettings;
  /** Its own. */
  readonly generator: Generator;
}

/** A way to choose points. */
export interface SamplerKind {
  /** Whether its points follow from the results of others. */
  readonly learns: boolean;
  /** Whether every setting must have a list of values. */
  readonly needsLists: boolean;
  /** Begins one. */
  make(options: SamplerOptions): Sampler;
}

/** How often a point is drawn anew that was tried already. */
const MOST_REDRAWN = 1000;

/** Draws until there is a point that wasn't tried; nothing where none is found. */
export function untried(draw: () => Point): () => Point | undefined {
  const tried = new Set<string>();
  return () => {
    for (let redrawn = 0; redrawn <= MOST_REDRAWN; redrawn++) {
      const point = draw();
      const key = JSON.stringify(point);
      if (tried.has(key)) continue;
      tried.add(key);
      return point;
    }
    return undefined;
  };
}
