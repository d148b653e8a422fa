import { trainingFlop } from '../flop.js';
import { bytesOfRun, checkMemory } from '../memory.js';
import { checkParameters, type ModelConfig, parameterCount } from '../models/index.js';
import { modelConfigOf } from '../decided-settings.js';
import { sizesOfRun } from '../run-sizes.js';
import { problemOfError, type SettingProblem } from '../settings/setting-problem.js';
import type { Settings } from '../settings/settings.js';

/** What a run takes, as far as it is known without its text. */
export interface RunCost {
  readonly config: ModelConfig;
  readonly parameters: number;
  /** FLOP of a step, by `trainingFlop`. */
  readonly flopPerStep: number;
  /** About the most bytes of WebAssembly memory that it has in use. */
  readonly bytes: number;
  /** What it is refused for, in the words of its error; none where it fits. */
  readonly problems: readonly SettingProblem[];
}

/**
 * What a run with these settings takes: parameters, memory, and whether that is too much.
 *
 * @param settings - without problems
 * @param vocabSize - tokens that there are, or will be about: at least 1
 * @throws RangeError unless it is a whole number of at least 1
 */
export function costOfRun(settings: Settings, vocabSize: number): RunCost {
  const config = modelConfigOf(settings, vocabSize);
  const sizes = sizesOfRun(settings, config);
  // a run checks its memory first, and ends at the first that it lacks
  const problem = problemOf(() => {
    checkMemory({ ...sizes, isOnGpu: settings.device !== 'wasm' }); // auto: there may be a GPU
    checkParameters(config);
  });
  return {
    config,
    parameters: parameterCount(config),
    flopPerStep: sizes.computed * trainingFlop(config).all,
    bytes: bytesOfRun(sizes),
    problems: problem === undefined ? [] : [problem],
  };
}

function problemOf(check: () => void): SettingProblem | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    const problem = problemOfError(error);
    if (problem === undefined) throw error;
    return problem;
  }
}
