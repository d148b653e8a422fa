import { grid } from './grid.js';
import { random } from './random.js';
import { tpe } from './tpe.js';
import type { SamplerKind } from './sampler.js';

/** The samplers by name. */
export const samplers = { grid, random, tpe } as const satisfies Readonly<
  Record<string, SamplerKind>
>;

/** What a sampler is called. */
export type SamplerName = keyof typeof samplers;
