import { add, scalar, tidy, util, variable, variableGrads, zerosLike } from '@tensorflow/tfjs-core';
import type { Rank, Variable } from '@tensorflow/tfjs-core';
import { checkLearningRate, checkNumber } from '../checks.js';
import type { OptimizerSettings, UpdateRule } from './update-rule.js';
import { clipByGlobalNorm, type Gradients } from './gradients.js';
import { loadVariables, readVariables } from '../state/variables.js';
import { resolveGroups, type Optimizer, type ParameterList } from './optimizer.js';

/** One parameter and all that belongs to it. */
interface Entry<Settings> {
  readonly parameter: Variable;
  readonly slots: readonly Variable[];
  readonly names: readonly string[];
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
 * An optimizer by its rule. Rates, the count of steps and slots are variables, so that a compiled step sees them
 * change; they are made now and not at the first step, which so does what all others do.
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
  const step = tidy(() => variable<Rank.R0>(scalar(0), false));
  const remembered = (): Map<string, Variable> => nameVariables(step, entries);

  // As in PyTorch, a parameter without a gradient doesn't change.
  const apply = (gradients: Gradients): void => {
    const used = entries.flatMap((entry, i) => {
      const gradient = gradients[i];
      return gradient === undefined ? [] : [{ ...entry, gradient }];
    });
    if (used.length === 0) return;
    const raw = used.map(({ gradient }) => gradient);
    const clipped = clipNorm === undefined ? raw : clipByGlobalNorm(raw, clipNorm).clipped;
    if (used.some(({ slots }) => slots.length > 0)) step.assign(add(step, 1));
    for (const [i, { parameter, slots, rate, settings }] of used.entries()) {
      const [changed, ...slotsChanged] = rule.update({
        parameter,
        gradient: clipped[i],
        slots,
        rate: rate.variable,
        step,
        settings,
      });
      parameter.assign(changed);
      for (const [j, slot] of slots.entries()) slot.assign(slotsChanged[j]);
    }
  };

  const optimizer: Optimizer = {
    get learningRate() {
      return learningRate;
    },
    set learningRate(value) {
      learningRate = value;
      for (const [i, rate] of rates.entries()) {
        rate.value = value * (groups[i].settings.learningRate / settings.learningRate);
      }
    },
    gradients(loss) {
      const { value, grads } = variableGrads(loss, [...list]);
      const found: Partial<typeof grads> = grads; // what the loss doesn't depend on is missing
      return { loss: value, gradients: list.map(({ name }) => found[name]) };
    },
    update(gradients) {
      checkGradients(rule.where, list, gradients);
      tidy(() => apply(gradients));
    },
    step(loss) {
      return tidy(() => {
        const { loss: value, gradients } = optimizer.gradients(loss);
        optimizer.update(gradients);
        return value;
      });
    },
    state: () => readVariables(remembered()),
    load: (state) => loadVariables(rule.where, remembered(), state),
    dispose() {
      for (const rate of rates) rate.dispose();
      step.dispose();
      for (const { slots } of entries) for (const slot of slots) slot.dispose();
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
  const names = rule.slots(entry.settings);
  const slots = tidy(() => names.map(() => variable(zerosLike(entry.parameter), false)));
  return { ...entry, names, slots };
}

/** `step`, `0.exp_avg`, `0.exp_avg_sq`, `1.exp_avg` …: PyTorch's names, numbers counted over all groups. */
function nameVariables<Settings>(
  step: Variable,
  entries: readonly Entry<Settings>[],
): Map<string, Variable> {
  const slots = entries.flatMap(({ slots, names }, i) =>
    slots.map((slot, j): [string, Variable] => [`${i}.${names[j]}`, slot]),
  );
  return new Map(slots.length > 0 ? [['step', step], ...slots] : []);
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
