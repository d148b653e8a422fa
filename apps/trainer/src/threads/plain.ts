import type { Compile } from '@llm101/training';
import { compile } from '@llm101/wasm';

/**
 * `compile` with plain SIMD: relaxed SIMD rounds differently from machine to machine, and what one machine writes, draws
 * or measures by a model, another one must reproduce.
 */
export const compilePlain: Compile = (step, settings) =>
  compile(step, { ...settings, relaxedSimd: false });
