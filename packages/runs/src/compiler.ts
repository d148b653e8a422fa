import { interpret } from '@llm101/training';
import type { Compile, Compiled, CompileSettings } from '@llm101/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Settings } from './settings/settings.js';

/** A compiler of steps that can use relaxed SIMD; `compile` of `@llm101/wasm` is one. */
export type RunCompile = <Inputs extends readonly Tensor[], Output extends Tensor>(
  step: (...inputs: Inputs) => Output,
  options: { readonly relaxedSimd: boolean } & Partial<CompileSettings>,
) => Compiled<Inputs, Output>;

/** How the settings have steps compiled. */
export function compilerOf(
  { compile: isCompiled, relaxedSimd }: Pick<Settings, 'compile' | 'relaxedSimd'>,
  compile: RunCompile | undefined,
): Compile {
  return isCompiled && compile !== undefined
    ? (step, options) => compile(step, { ...options, relaxedSimd })
    : interpret;
}
