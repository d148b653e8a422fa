export { Generator, type GeneratorState } from './generator.js';
export { MersenneTwister, type MersenneTwisterState } from './mersenne-twister.js';
export { normal, type NormalOptions } from './normal.js';
export { permutation } from './permutation.js';
export { rand } from './rand.js';
export { randomInt64 } from './random-int64.js';
export { randperm } from './randperm.js';
export { uniform, type UniformOptions } from './uniform.js';
