import { Generator, randint } from '@llm101/random';
import { type Levels, levelsOf } from './levels.js';
import type { RunTable } from './run-table.js';
import { growTree, type Tree } from './tree.js';

/** How much of the differences between runs comes of which setting. */
export interface Importance {
  /** The fraction of the variance that each setting explains by itself, the largest first. */
  readonly settings: readonly { readonly name: string; readonly share: number }[];
  /** The fraction that is left to settings together. */
  readonly together: number;
  /**
   * How well the trees tell the value of a run that they haven't learned from: R², 1 for exactly, 0 or less for no better than the mean. Where it is low, the shares
   * say little.
   */
  readonly explained: number;
  /** Runs that have a value. */
  readonly runs: number;
}

/** How the trees are grown. */
export interface ImportanceOptions {
  /** Of the draws. Default: 0. */
  readonly seed?: number;
  /** Default: 64. */
  readonly trees?: number;
}

/** Fewer runs say nothing of a setting. */
const LEAST_RUNS = 10;

/** What is looked at: of more runs some, evenly spread; of more settings the first. */
const MOST = { runs: 300, settings: 40, cells: 10_000, drawn: 1000 } as const;

/** No settings of a training. */
const NOT_SET = /^versions\.|^dataSha256$|^workers$/;

/**
 * How much each setting matters for what runs reach: the variance that it explains by itself, by functional analysis of variance (Hutter, Hoos and Leyton-Brown,
 * "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014) of the mean of 64 regression trees, each grown from runs drawn
 * with replacement (Breiman, "Bagging Predictors", 1996). All combinations of the values that occur are weighed as the values occur.
 * It is the same each time.
 *
 * A run without a value is left out; a value that is worse than three quarters of them by more than three times their middle half counts as one
 * at that fence, as one that ran away would be all of the variance. Settings that always change together can't be told apart, and what was not tried isn't known.
 *
 * @returns nothing where fewer than 10 runs have a value, they don't differ, or no setting does
 */
export function importanceOfSettings(
  { rows, settings, objective: { direction } }: RunTable,
  { seed = 0, trees = 64 }: ImportanceOptions = {},
): Importance | undefined {
  const all = rows.flatMap(({ value, settings: own }) =>
    value === undefined ? [] : [{ value, own }],
  );
  const stride = Math.max(all.length / MOST.runs, 1);
  const valued = all.filter((_, i) => Math.floor(i / stride) !== Math.floor((i - 1) / stride));
  const names = settings.filter((name) => !NOT_SET.test(name)).slice(0, MOST.settings);
  if (valued.length < LEAST_RUNS) return undefined;
  const targets = fenced(valued.map(({ value }) => (direction === 'minimize' ? value : -value)));
  const levels = names
    .map((name) =>
      levelsOf(
        name,
        valued.map(({ own }) => (Object.hasOwn(own, name) ? own[name] : undefined)),
      ),
    )
    .filter(({ weights }) => weights.length > 1);
  if (levels.length === 0 || targets.every((target) => target === targets[0])) return undefined;
  const draws = Generator.seeded(seed);
  const forest = Array.from({ length: trees }, () => {
    const sample = [...randint(draws, targets.length, { high: targets.length })];
    return { tree: growTree(levels, targets, sample), sample: new Set(sample) };
  });
  const { shares, together } = analyse(
    levels,
    forest.map(({ tree }) => tree),
    draws,
  );
  return {
    settings: levels
      .map(({ name }, i) => ({ name, share: shares[i] }))
      .sort((a, b) => b.share - a.share),
    together,
    explained: explainedBy(forest, levels, targets),
    runs: targets.length,
  };
}

/** Tukey's outer fence, above. */
function fenced(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const quartile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))];
  const fence = quartile(0.75) + 3 * (quartile(0.75) - quartile(0.25));
  return values.map((value) => (fence > quartile(0.75) ? Math.min(value, fence) : value));
}

/** The variances of the mean of some trees over all combinations of levels: that of each setting alone, as fractions of the whole. */
function analyse(
  levels: readonly Levels[],
  trees: readonly Tree[],
  draws: Generator,
): { readonly shares: readonly number[]; readonly together: number } {
  const marginals = levels.map(({ weights }) => weights.map(() => 0));
  let mean = 0;
  for (const leaf of trees.flatMap(({ leaves }) => leaves)) {
    const sizes = leaf.isIn.map((isIn, s) =>
      isIn.reduce((sum, isThere, level) => sum + (isThere ? levels[s].weights[level] : 0), 0),
    );
    const value = leaf.value / trees.length;
    mean += value * product(sizes);
    for (const [s, isIn] of leaf.isIn.entries()) {
      const others = product(sizes.with(s, 1));
      for (const [level, isThere] of isIn.entries()) {
        if (isThere) marginals[s][level] += value * others;
      }
    }
  }
  const alone = marginals.map((values, s) =>
    values.reduce((sum, value, level) => sum + levels[s].weights[level] * (value - mean) ** 2, 0),
  );
  const total = totalVariance(levels, trees, { mean, draws });
  const sum = alone.reduce((all, one) => all + one, 0);
  const whole = Math.max(total, sum); // the total of very many combinations is an estimate
  const shares = alone.map((one) => (whole > 0 ? one / whole : 0));
  return { shares, together: whole > 0 ? (whole - sum) / whole : 0 };
}

const product = (factors: readonly number[]): number => factors.reduce((all, one) => all * one, 1);

/** Over all combinations of levels where these are few, else over 1,000 that are drawn. */
function totalVariance(
  levels: readonly Levels[],
  trees: readonly Tree[],
  { mean, draws }: { readonly mean: number; readonly draws: Generator },
): number {
  const cells = product(levels.map(({ weights }) => weights.length));
  const at = levels.map(() => 0);
  let variance = 0;
  if (cells <= MOST.cells) {
    for (let cell = 0; cell < cells; cell++) {
      let rest = cell;
      for (const [s, { weights }] of levels.entries()) {
        at[s] = rest % weights.length;
        rest = Math.floor(rest / weights.length);
      }
      const weight = product(levels.map(({ weights }, s) => weights[at[s]]));
      variance += weight * (predict(trees, at) - mean) ** 2;
    }
    return variance;
  }
  const count = MOST.drawn;
  const runs = levels[0].ofRun.length;
  for (let i = 0; i < count; i++) {
    const drawn = randint(draws, levels.length, { high: runs });
    for (const [s, { ofRun }] of levels.entries()) at[s] = ofRun[drawn[s]];
    variance += (predict(trees, at) - mean) ** 2 / count;
  }
  return variance;
}

const predict = (trees: readonly Tree[], at: readonly number[]): number =>
  trees.reduce((sum, tree) => sum + tree.predict(at), 0) / trees.length;

/** R² of each run by the trees that haven't seen it. */
function explainedBy(
  forest: readonly { readonly tree: Tree; readonly sample: ReadonlySet<number> }[],
  levels: readonly Levels[],
  targets: readonly number[],
): number {
  const mean = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  let [left, whole] = [0, 0];
  for (const [run, target] of targets.entries()) {
    const others = forest.filter(({ sample }) => !sample.has(run));
    if (others.length === 0) continue;
    const at = levels.map(({ ofRun }) => ofRun[run]);
    left +=
      (target -
        predict(
          others.map(({ tree }) => tree),
          at,
        )) **
      2;
    whole += (target - mean) ** 2;
  }
  return whole > 0 ? 1 - left / whole : 0;
}
