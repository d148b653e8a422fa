import { gridOf } from '../space/draw.js';
import type { SamplerKind } from './sampler.js';

/** Every combination of the values, in the order of the space, the last setting varying fastest. */
export const grid: SamplerKind = {
  learns: false,
  needsLists: true,
  make({ space, settings }) {
    const points = gridOf(space, settings);
    return {
      next() {
        const { value, done } = points.next();
        return done === true ? undefined : value;
      },
      observe() {},
    };
  },
};
