import { add, scalar, tidy, util, variable, zerosLike } from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { checkLearningRate, checkNumber } from '../checks.js';
import type { OptimizerSettings, Remembered, Update, UpdateRule } from './update-rule.js';
import { clipByGlobalNorm, gradientsOf, type Gradients } from './gradients.js';
import { loadVariables, readVariables } from '../state/variables.js';
import { SwappedValues } from './swapped-values.js';
import { resolveGroups } from './optimizer.js';
import type { Optimizer, OptimizerState, ParameterList } from './optimizer.js';

/** One parameter and all that belongs to it. */
interface Entry<Settings> {
  readonly parameter: Variable;
  readonly slots: readonly Variable[];
  readonly scalars: readonly Variable<Rank.R0>[];
  /** Of the slots, then of the scalars. */
  readonly names: readonly string[];
  /** How many steps have had a gradient for it; none where the rule keeps nothing. */
  readonly count: Variable<Rank.R0> | undefined;
  readonly rate: LearningRate;
  readonly settings: Settings;
}

/** What {@link gradientOptimizer} is given. */
export interface GradientOptimizerOptions<Settings> {
  readonly parameters: ParameterList<Settings>;
  /** Of the groups that have none of their own. */
  readonly settings: Settings;
  /** Gradients are scaled so that their norm over all parameters is at most this. */
  readonly clipNorm?: number | undefined;
}

/**
 * An optimizer by its rule. Rates, counts of steps and slots are variables, so that a compiled step sees them
 * change; they are made now and not at the first step, which so does what all others do. Each parameter counts its own
 * steps, as in PyTorch: a step without a gradient for it changes nothing of what belongs to it, and its first is the first
 * that has one.
 *
 * @throws RangeError when a setting is out of range, there are no parameters, or one is named twice
 */
export function gradientOptimizer<Settings extends OptimizerSettings>(
  rule: UpdateRule<Settings>,
  { parameters, settings, clipNorm }: GradientOptimizerOptions<Settings>,
): Optimizer {
  const groups = resolveGroups(rule.where, parameters, settings);
  for (const group of [{ settings }, ...groups]) {
    checkLearningRate(rule.where, group.settings.learningRate);
    rule.check(group.settings);
  }
  if (clipNorm !== undefined) checkNumber(`${rule.where}: clipNorm`, clipNorm, { above: 0 });

  let learningRate = settings.learningRate;
  const rates = groups.map((group) => new LearningRate(group.settings.learningRate));
  const entries = groups.flatMap(({ parameters, settings }, i) =>
    parameters.map((parameter) => makeEntry(rule, { parameter, settings, rate: rates[i] })),
  );
  const list = entries.map(({ parameter }) => parameter);
  const remembered = nameVariables(entries);

  /** What the rule is given for each parameter that has a gradient. */
  const updatesOf = (gradients: Gradients): [Entry<Settings>, Update<Settings>][] => {
    const used = entries.flatMap((entry, i) => {
      const gradient = gradients[i];
      return gradient === undefined ? [] : [{ entry, gradient }];
    });
    if (used.length === 0) return [];
    const raw = used.map(({ gradient }) => gradient);
    const clipped = clipNorm === undefined ? raw : clipByGlobalNorm(raw, clipNorm).clipped;
    const one = scalar(1);
    return used.map(({ entry }, i) => {
      const { parameter, slots, scalars, count, rate, settings } = entry;
      const step = count === undefined ? scalar(NaN) : add<Scalar>(count, one);
      const gradient = clipped[i];
      return [entry, { parameter, gradient, slots, scalars, rate: rate.variable, step, settings }];
    });
  };

  const apply = (gradients: Gradients, directions?: ReadonlyMap<Variable, Tensor>): void => {
    for (const [{ parameter, slots, scalars, count }, update] of updatesOf(gradients)) {
      count?.assign(update.step);
      const direction = directions?.get(parameter);
      const [changed, ...others] = rule.update({ ...update, direction });
      parameter.assign(changed);
      for (const [j, remembered] of [...slots, ...scalars].entries()) remembered.assign(others[j]);
    }
  };

  const { direction } = rule;
  const directions = direction && {
    costs: new Map(
      entries.flatMap(({ parameter, settings }) => {
        const cost = direction.cost(parameter, settings);
        return cost > 0 ? [[parameter, cost] as const] : [];
      }),
    ),
    compute(gradients: Gradients, parameters: readonly Variable[]) {
      checkGradients(rule.where, list, gradients);
      return tidy(() => {
        const updates = new Map(
          updatesOf(gradients).map(([, update]) => [update.parameter, update]),
        );
        return parameters.map((parameter) => {
          const update = updates.get(parameter);
          return update && direction.compute(update);
        });
      });
    },
  };

  const swapped = new SwappedValues(list);
  const valueOf = (remembered: Remembered<Settings>): Tensor =>
    rule.evaluation?.(remembered) ?? remembered.parameter;
  const evaluated = rule.evaluation && {
    toEvaluation: () =>
      swapped.swap((i) => valueOf({ ...entries[i], step: entries[i].count ?? scalar(NaN) })),
    toTraining: () => swapped.swapBack(),
  };

  const optimizer: Optimizer = {
    ...evaluated,
    ...(directions && { directions }),
    parameters: list,
    get learningRate() {
      return learningRate;
    },
    set learningRate(value) {
      learningRate = value;
      for (const [i, rate] of rates.entries()) {
        rate.value = value * (groups[i].settings.learningRate / settings.learningRate);
      }
    },
    gradients: (loss) => gradientsOf(loss, list),
    update(gradients, directions) {
      checkGradients(rule.where, list, gradients);
      tidy(() => apply(gradients, directions));
    },
    step(loss) {
      return tidy(() => {
        const { loss: value, gradients } = optimizer.gradients(loss);
        optimizer.update(gradients);
        return value;
      });
    },
    state: () => readVariables(remembered),
    load(state) {
      loadVariables(rule.where, remembered, countEach(rule.where, state, entries));
      swapped.forget();
    },
    identity: () => ({
      rule: rule.where,
      clipNorm,
      groups: groups.map(({ parameters, settings }) => ({
        settings,
        parameters: parameters.length,
      })),
    }),
    dispose() {
      swapped.forget();
      for (const rate of rates) rate.dispose();
      for (const variable of remembered.values()) variable.dispose();
    },
  };
  return optimizer;
}

function checkGradients(
  where: string,
  parameters: readonly Variable[],
  gradients: Gradients,
): void {
  if (gradients.length !== parameters.length) {
    throw new RangeError(
      `${where}: there must be a gradient, or undefined, for each of the ${parameters.length} parameters; got ${gradients.length}`,
    );
  }
  for (const [i, { shape }] of parameters.entries()) {
    const found = gradients[i]?.shape ?? shape;
    if (util.arraysEqual(found, shape)) continue;
    throw new RangeError(
      `${where}: the gradient of parameter ${i} must have its shape, [${shape.join(', ')}]; got [${found.join(', ')}]`,
    );
  }
}

function makeEntry<Settings>(
  rule: UpdateRule<Settings>,
  entry: Pick<Entry<Settings>, 'parameter' | 'settings' | 'rate'>,
): Entry<Settings> {
  rule.checkParameter?.(entry.parameter, entry.settings);
  const ofSlots = rule.slots(entry.settings);
  const ofScalars = rule.scalars?.(entry.settings) ?? [];
  const names = [...ofSlots, ...ofScalars];
  if (names.includes('step')) {
    throw new RangeError(
      `${rule.where}: no slot must be named step, which is the count of steps; got ${names.join(', ')}`,
    );
  }
  const slots = tidy(() => ofSlots.map(() => variable(zerosLike(entry.parameter), false)));
  const scalars = ofScalars.map(() => newNumber());
  return { ...entry, names, slots, scalars, count: slots.length > 0 ? newNumber() : undefined };
}

const newNumber = (): Variable<Rank.R0> => tidy(() => variable<Rank.R0>(scalar(0), false));

/** `0.step`, `0.exp_avg`, `0.exp_avg_sq`, `1.step` …: PyTorch's names, numbers counted over all groups. */
function nameVariables<Settings>(entries: readonly Entry<Settings>[]): Map<string, Variable> {
  return new Map(
    entries.flatMap(({ slots, scalars, names, count }, i) => [
      ...(count === undefined ? [] : [[`${i}.step`, count] as const]),
      ...[...slots, ...scalars].map((slot, j) => [`${i}.${names[j]}`, slot] as const),
    ]),
  );
}

/**
 * A state with a count for each parameter. Those of 0.1.0 have one for all, `step`, which is each one's where all had a
 * gradient at each step.
 *
 * @throws RangeError for a state of 0.1.0 in which a parameter may have had no gradient yet: its count isn't known
 */
function countEach<Settings>(
  where: string,
  state: OptimizerState,
  entries: readonly Entry<Settings>[],
): OptimizerState {
  const { step, ...slots } = state;
  const hasEach = entries.some((_, i) => Object.hasOwn(state, `${i}.step`));
  if (!Object.hasOwn(state, 'step') || hasEach) return state;
  const counts = entries.flatMap(({ names }, i) => {
    if (names.length === 0) return [];
    const isUnused = names.every((name) => slots[`${i}.${name}`]?.data.every((x) => x === 0));
    if (isUnused && step.data[0] > 0) {
      throw new RangeError(
        `${where}: a state must say how many steps each parameter has had; this one, of version 0.1.0, has one number ` +
          `for all, ${step.data[0]}, though parameter ${i} seems to have had no gradient yet; train again from the beginning`,
      );
    }
    return [[`${i}.step`, step] as const];
  });
  return { ...Object.fromEntries(counts), ...slots };
}

/** A learning rate that steps read from a variable, so that a compiled step sees it change. */
class LearningRate {
  readonly variable: Variable<Rank.R0>;
  readonly #spare: Variable<Rank.R0>;
  #value: number;

  constructor(value: number) {
    this.#value = value;
    this.variable = tidy(() => variable<Rank.R0>(scalar(value), false));
    this.#spare = tidy(() => variable<Rank.R0>(scalar(0), false));
  }

  get value(): number {
    return this.#value;
  }

  set value(value: number) {
    if (value === this.#value) return;
    this.#value = value;
    tidy(() => {
      // Frees the old value's memory first, so that the new one gets the same: a compiled step whose variable has moved
      // is linked again, which costs a fifth to a third of its rate.
      this.variable.assign(this.#spare);
      this.variable.assign(scalar(value));
    });
  }

  dispose(): void {
    this.variable.dispose();
    this.#spare.dispose();
  }
}
