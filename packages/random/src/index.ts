export { Generator, type GeneratorState } from './generator.js';
export { MersenneTwister, type MersenneTwisterState } from './mersenne-twister.js';
export { normal, type NormalOptions } from './normal.js';
export { permutation, randperm } from './permutation.js';
export { rand, randomInt64, uniform, type UniformOptions } from './uniform.js';
