export {
  exponential,
  multinomial,
  type ExponentialOptions,
  type MultinomialOptions,
} from './categories.js';
export { Generator, type GeneratorState } from './generator.js';
export {
  randint,
  randintInt64,
  randomInt64,
  type RandintInt64Options,
  type RandintOptions,
} from './integers.js';
export { MersenneTwister, type MersenneTwisterState } from './mersenne-twister.js';
export { normal, randn, type NormalOptions } from './normal.js';
export { computedOrder, permutation, randperm } from './permutation.js';
export { rand, uniform, type UniformOptions } from './uniform.js';
