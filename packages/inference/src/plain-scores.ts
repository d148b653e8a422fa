import { type LanguageModel, nextTokenScores, type NextTokenScores } from '@llm101/models';
import type { RunCompile } from '@llm101/runs';

/** How a model that is in use is run. */
export interface UseOptions {
  /** `compile` of `@llm101/wasm`. Default: every operation by itself, many times slower. */
  readonly compile?: RunCompile | undefined;
}

/** How {@link plainScores} scores. */
export interface PlainScoresOptions extends UseOptions {
  /** How many contexts are scored at once, at most. */
  readonly rows: number;
}

/**
 * `nextTokenScores` of `@llm101/models`, compiled with plain SIMD: relaxed SIMD rounds differently from machine to machine, and what one
 * machine writes, draws or measures by a model, another one must reproduce.
 */
export function plainScores(
  model: LanguageModel,
  { rows, compile }: PlainScoresOptions,
): NextTokenScores {
  return nextTokenScores(model, {
    rows,
    compile: compile && ((step, settings) => compile(step, { ...settings, relaxedSimd: false })),
  });
}
