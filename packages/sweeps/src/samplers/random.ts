import { drawPoint, drawValue } from '../space/draw.js';
import { type SamplerKind, untried } from './sampler.js';

/**
 * Points at random, none of them twice.
 *
 * Source: Bergstra and Bengio (2012), "Random Search for Hyper-Parameter Optimization", JMLR 13.
 */
export const random: SamplerKind = {
  learns: false,
  needsLists: false,
  make({ space, settings, generator }) {
    return {
      next: untried(() =>
        drawPoint(space, settings, (name, dimension) => drawValue(name, dimension, generator)),
      ),
      observe() {},
    };
  },
};
