import type { RehearsalTime } from './recorded-step.js';

/** What a step is to be recorded by. */
export interface RecordingOptions {
  /** As that of `CompileOptions`. */
  readonly rehearse: RehearsalTime;
  /** As that of `CompileOptions`. */
  readonly cacheSize: number;
}

/**
 * Checks what a compiler is given.
 *
 * @throws TypeError when the step is no function, or an async one or a generator; RangeError when an option isn't one of its values
 */
export function checkRecorded(step: unknown, { rehearse, cacheSize }: RecordingOptions): void {
  checkStep(step);
  if (!TIMES.includes(rehearse)) {
    throw new RangeError(`compile: rehearse must be ${TIMES.join(', ')}; got ${rehearse}`);
  }
  if (!Number.isSafeInteger(cacheSize) || cacheSize < 1) {
    throw new RangeError(
      `compile: cacheSize must be a whole number of at least 1; got ${cacheSize}`,
    );
  }
}

const TIMES: readonly string[] = ['always', 'sometimes', 'never'];

/** The kinds of function whose call only begins what they do. */
const LATER = new Map([
  ['AsyncFunction', 'an async function'],
  ['GeneratorFunction', 'a generator'],
  ['AsyncGeneratorFunction', 'an async generator'],
]);

function checkStep(step: unknown): void {
  const found =
    typeof step === 'function'
      ? LATER.get(Object.prototype.toString.call(step).slice(8, -1))
      : typeof step;
  if (found === undefined) return;
  throw new TypeError(
    `compile: step must be a function that has done all when it returns; got ${found}; await what it needs before, and pass that`,
  );
}
