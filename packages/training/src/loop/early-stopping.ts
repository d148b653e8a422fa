import type { Variable } from '@tensorflow/tfjs-core';
import { CheckpointError, type PartState } from '../state/checkpoint.js';
import { isCount, isNumber, isRecord } from '../checks.js';
import { loadVariables, matchVariables, readVariables } from '../state/variables.js';
import type { NamedVariables } from '../state/variables.js';

/** Settings of `EarlyStopping`. */
export interface EarlyStoppingOptions {
  /** Validations without a better loss after which a run is over. Default: 0, it isn't, and weights aren't kept. */
  readonly patience?: number | undefined;
  /** How much lower a loss must be to be better, in nats. Default: 0. */
  readonly minDelta?: number | undefined;
}

/** The best validation so far. */
export interface Best {
  /** After which it was measured. */
  readonly step: number;
  /** In nats. */
  readonly valLoss: number;
}

/**
 * Whether a resumed run has no validations left to wait for.
 *
 * @param best - the part of its checkpoint
 */
export function isPatienceUsed({ values }: PartState, patience: number): boolean {
  return patience > 0 && isRecord(values) && Number(values['waited']) >= patience;
}

/** Notices when validations no longer get better, and keeps the weights of the best one. */
export class EarlyStopping {
  readonly #variables: NamedVariables;
  readonly #patience: number;
  readonly #minDelta: number;
  #best: Best | undefined;
  #waited = 0;
  #weights: PartState['tensors'] = {};

  /** @param variables - what the best weights are read from and put back into */
  constructor(
    variables: readonly Variable[],
    { patience = 0, minDelta = 0 }: EarlyStoppingOptions = {},
  ) {
    this.#variables = new Map(variables.map((variable, i) => [String(i), variable]));
    this.#patience = patience;
    this.#minDelta = minDelta;
  }

  get best(): Best | undefined {
    return this.#best;
  }

  /** Whether the patience is used up. */
  get isOver(): boolean {
    return this.#patience > 0 && this.#waited >= this.#patience;
  }

  /** Takes the loss of a validation. @returns whether it is the best */
  add(step: number, valLoss: number): boolean {
    const limit = this.#best === undefined ? Infinity : this.#best.valLoss - this.#minDelta;
    if (!(valLoss < limit)) {
      this.#waited++;
      return false;
    }
    this.#best = { step, valLoss };
    this.#waited = 0;
    if (this.#patience > 0) this.#weights = readVariables(this.#variables);
    return true;
  }

  /**
   * Gives the variables what they had at the best validation, where it was kept.
   *
   * @returns that validation, if it was
   */
  restore(): Best | undefined {
    if (!this.#hasWeights) return undefined;
    loadVariables('EarlyStopping', this.#variables, this.#weights);
    return this.#best;
  }

  state(): PartState {
    const { step = null, valLoss = null } = this.#best ?? {};
    return { tensors: this.#weights, values: { step, valLoss, waited: this.#waited } };
  }

  /** @throws CheckpointError when the state isn't one that {@link state} gave for the same settings */
  load({ tensors, values }: PartState): void {
    if (!isRecord(values)) throw new CheckpointError("its best validation isn't an object");
    const { step, valLoss, waited } = values;
    if (!isCount(waited)) throw new CheckpointError('its best validation lacks a count');
    const best = isCount(step) && isNumber(valLoss) ? { step, valLoss } : undefined;
    if (best === undefined && (step !== null || valLoss !== null)) {
      throw new CheckpointError('its best validation lacks a step or a loss');
    }
    const isKept = Object.keys(tensors).length > 0;
    if (isKept !== (this.#patience > 0 && best !== undefined)) {
      throw new CheckpointError(
        `its best weights must be there with a patience alone; got ${isKept ? 'some' : 'none'}`,
      );
    }
    if (isKept) this.#check(tensors);
    this.#best = best;
    this.#waited = waited;
    this.#weights = tensors;
  }

  #check(weights: PartState['tensors']): void {
    try {
      matchVariables('its best weights', this.#variables, weights);
    } catch (cause) {
      throw new CheckpointError(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }

  get #hasWeights(): boolean {
    return Object.keys(this.#weights).length > 0;
  }
}
