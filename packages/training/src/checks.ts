import type { Batch } from '@llm101/data';

/** Limits of a number; `above` and `below` are outside. */
export interface Limits {
  readonly above?: number;
  readonly least?: number;
  readonly below?: number;
}

/** @throws RangeError unless the number is finite and within the limits */
export function checkNumber(what: string, value: number, { above, least, below }: Limits): void {
  const isWithin =
    (above === undefined || value > above) &&
    (least === undefined || value >= least) &&
    (below === undefined || value < below);
  if (Number.isFinite(value) && isWithin) return;
  const rules = [
    above === undefined ? '' : `above ${above}`,
    least === undefined ? '' : `at least ${least}`,
    below === undefined ? '' : `below ${below}`,
  ].filter((rule) => rule !== '');
  throw new RangeError(`${what} must be finite and ${rules.join(' and ')}; got ${value}`);
}

/** @throws RangeError unless the value is a whole number of at least `least` */
export function checkWhole(what: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${what} must be a whole number of at least ${least}; got ${value}`);
  }
}

/** @throws RangeError unless the learning rate is finite and above 0 */
export function checkLearningRate(where: string, learningRate: number): void {
  if (!Number.isFinite(learningRate) || learningRate <= 0) {
    throw new RangeError(
      `${where}: learningRate must be finite and above 0; got ${learningRate}, try 0.01`,
    );
  }
}

/** Whether a value read from JSON is an object with names. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether it is a whole number from 0 on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Whether it is a finite number. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/**
 * @param where - how errors begin
 * @throws RangeError unless a batch has `B T` inputs, a target for each row or each position, and as many weights or none
 */
export function checkBatch(where: string, batch: Batch): void {
  const { inputs, targets, weights, answers, size: B, contextSize: T } = batch;
  checkWhole(`${where}: size of a batch`, B, 1);
  checkWhole(`${where}: contextSize of a batch`, T, 1);
  if (inputs.length !== B * T) {
    throw new RangeError(
      `${where}: a batch must have inputs [${B}, ${T}], ${B * T} tokens; got ${inputs.length}`,
    );
  }
  const N = targets.length;
  if (N !== B && N !== B * T) {
    throw new RangeError(
      `${where}: a batch must have a target for each of its ${B} rows or ${B * T} positions; got ${N}`,
    );
  }
  if (answers !== undefined && answers.length !== N) {
    throw new RangeError(
      `${where}: a batch must have a number for each of its ${N} targets where it has answers; got ${answers.length}`,
    );
  }
  if (weights === undefined) return;
  if (weights.length !== N) {
    throw new RangeError(
      `${where}: a batch must have a weight for each of its ${N} targets; got ${weights.length}`,
    );
  }
  for (const weight of weights) {
    if (weight >= 0 && weight < Infinity) continue;
    throw new RangeError(`${where}: weights must be finite and at least 0; got ${weight}`);
  }
}

/**
 * A model that scores rows is trained and evaluated on a target a row, one that scores positions on a target each.
 *
 * @throws RangeError unless there is a row of scores for each target
 */
export function checkScores(where: string, shape: readonly number[], targets: number): void {
  if (shape.length === 2 && shape[0] === targets) return;
  throw new RangeError(
    `${where}: there must be a row of scores for each target; got scores [${shape.join(', ')}] for ${targets} targets; ` +
      'where each position of a row has a target pass everyPosition(model), else the model itself',
  );
}
