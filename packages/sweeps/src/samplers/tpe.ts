import type { Generator } from '@llm101/random';
import { drawPoint, drawValue, type Scale, scaleOf } from '../space/draw.js';
import type { Dimension, SettingValue } from '../space/space.js';
import { normalCdf, standardNormal } from './normal.js';
import { type Observation, type SamplerKind, untried } from './sampler.js';

/** Results before there is anything to learn from: until then points are drawn at random. */
const STARTUP = 10;
/** The share of trials that counts as good, and the most. */
const GOOD_SHARE = 0.1;
const MOST_GOOD = 25;
/** Values that are compared for each setting. */
const CANDIDATES = 24;

/**
 * A tree-structured Parzen estimator: each setting's values are drawn from a density over those of the best trials, and of several the
 * one is taken that is likeliest there in comparison with the density over the others. A setting that isn't varied everywhere is learned
 * from the trials that varied it. Trials that went further count as better than those that were left behind; failed ones count as the worst.
 *
 * Source: Bergstra et al. (2011), "Algorithms for Hyper-Parameter Optimization", section 4; the widths of the kernels by Bergstra et al. (2013),
 * "Making a Science of Model Search".
 */
export const tpe: SamplerKind = {
  learns: true,
  needsLists: false,
  make({ space, settings, generator }) {
    const observed = new Map<number, Observation>();
    const next = untried(() => {
      const ranked = observed.size < STARTUP ? [] : rank(observed);
      const most = Math.min(MOST_GOOD, Math.ceil(GOOD_SHARE * ranked.length));
      const [good, others] = [ranked.slice(0, most), ranked.slice(most)];
      return drawPoint(space, settings, (name, dimension) => {
        if (ranked.length === 0) return drawValue(name, dimension, generator);
        const [near, far] = [good, others].map((trials) =>
          densityOf(name, dimension, valuesOf(trials, name)),
        );
        return bestOf(near, far, generator);
      });
    });
    return {
      next,
      observe(trial, observation) {
        observed.set(trial, observation);
      },
    };
  },
};

/** Best first. */
function rank(observed: ReadonlyMap<number, Observation>): Observation[] {
  return [...observed]
    .sort(
      ([n, a], [m, b]) =>
        Number(a.loss === Infinity) - Number(b.loss === Infinity) ||
        b.step - a.step ||
        a.loss - b.loss ||
        n - m,
    )
    .map(([, observation]) => observation);
}

const valuesOf = (trials: readonly Observation[], name: string): SettingValue[] =>
  trials.flatMap(({ point }) => (Object.hasOwn(point, name) ? [point[name]] : []));

/** A density over the values of a setting. */
interface Density {
  draw(generator: Generator): SettingValue;
  /** Of the probability, or of its density. */
  logarithm(value: SettingValue): number;
}

function bestOf(good: Density, others: Density, generator: Generator): SettingValue {
  let best = good.draw(generator);
  let most = good.logarithm(best) - others.logarithm(best);
  for (let n = 1; n < CANDIDATES; n++) {
    const candidate = good.draw(generator);
    const own = good.logarithm(candidate) - others.logarithm(candidate);
    if (own > most) [best, most] = [candidate, own];
  }
  return best;
}

function densityOf(name: string, dimension: Dimension, values: readonly SettingValue[]): Density {
  return 'choice' in dimension
    ? choiceDensity(dimension.choice, values)
    : numberDensity(scaleOf(name, dimension), values.map(Number));
}

/** The shares of the values, with one more trial spread over all. */
function choiceDensity(choice: readonly SettingValue[], values: readonly SettingValue[]): Density {
  const shares = choice.map(
    (value) =>
      (values.filter((own) => own === value).length + 1 / choice.length) / (values.length + 1),
  );
  return {
    draw: (generator) => choice[drawIndex(shares, generator)],
    logarithm: (value) => Math.log(shares[choice.indexOf(value)]),
  };
}

function drawIndex(shares: readonly number[], generator: Generator): number {
  let u = generator.nextDouble();
  for (const [i, share] of shares.entries()) {
    u -= share;
    if (u < 0) return i;
  }
  return shares.length - 1;
}

/** A normal distribution around each value, and a wide one over the whole range, all cut off at its ends. */
function numberDensity(scale: Scale, values: readonly number[]): Density {
  const { low, high } = scale;
  const range = high - low;
  const middle = (low + high) / 2;
  const centres = [
    ...values.map((value) => Math.min(high, Math.max(low, scale.place(value)))),
    middle,
  ].sort((a, b) => a - b);
  const widest = centres.indexOf(middle);
  const narrowest = range / Math.min(100, centres.length + 1);
  const kernels = centres.map((centre, i) => {
    const left = centre - (i === 0 ? low : centres[i - 1]);
    const right = (i === centres.length - 1 ? high : centres[i + 1]) - centre;
    const width = i === widest ? range : Math.min(range, Math.max(narrowest, left, right));
    const within = normalCdf((high - centre) / width) - normalCdf((low - centre) / width);
    return { centre, width, within };
  });
  return {
    draw(generator) {
      const { centre, width } = kernels[Math.floor(generator.nextDouble() * kernels.length)];
      for (;;) {
        const place = centre + width * standardNormal(generator);
        if (place >= low && place <= high) return scale.value(place);
      }
    },
    logarithm(value) {
      const place = scale.place(Number(value));
      let sum = 0;
      for (const { centre, width, within } of kernels) {
        sum += Math.exp(-0.5 * ((place - centre) / width) ** 2) / (width * within);
      }
      return Math.log(sum / kernels.length);
    },
  };
}
