import type { Compile } from '@llm101/training';
import { compile } from '@llm101/wasm';

/**
 * `compile` with plain SIMD: relaxed SIMD rounds differently from machine to machine. What one machine writes, draws or
 * measures by a model, another one must find again.
 */
export const compilePlain: Compile = (step) => compile(step, { relaxedSimd: false });
