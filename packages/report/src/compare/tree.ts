import type { Levels } from './levels.js';

/** A part of all combinations of levels in which a tree says the same: for each setting, which levels are in it. */
interface Leaf {
  /** `[settings][levels]` */
  readonly isIn: readonly (readonly boolean[])[];
  readonly value: number;
}

/** A regression tree. */
export interface Tree {
  readonly leaves: readonly Leaf[];
  /** What it says of a combination of levels, `[settings]`. */
  readonly predict: (levels: readonly number[]) => number;
}

interface Node {
  readonly isIn: readonly (readonly boolean[])[];
  /** The runs that fell in it, some more than once. */
  readonly runs: readonly number[];
}

/** A split of a node: which levels of a setting go to the left. */
interface Split {
  readonly setting: number;
  readonly isLeft: readonly boolean[];
  readonly gain: number;
}

/** Where a node leads: by its split to one of two others, by their numbers, or to a value. */
type Step = (Split & { readonly left: number; readonly right: number }) | number;

/**
 * A regression tree over the levels of some settings, grown until a leaf has one value: Breiman et al., "Classification and Regression Trees",
 * 1984. A split of names is the best of all by the order of their means (their section 9.4).
 *
 * @param targets - `[runs]`
 * @param sample - the runs that it learns from
 */
export function growTree(
  settings: readonly Levels[],
  targets: readonly number[],
  sample: readonly number[],
): Tree {
  const leaves: Leaf[] = [];
  const steps: Step[] = [];
  const nodes: Node[] = [
    { isIn: settings.map(({ weights }) => weights.map(() => true)), runs: sample },
  ];
  for (const node of nodes) {
    const split = bestSplit(settings, targets, node);
    if (split === undefined) {
      const value = node.runs.reduce((sum, run) => sum + targets[run], 0) / node.runs.length;
      leaves.push({ isIn: node.isIn, value });
      steps.push(value);
    } else {
      steps.push({ ...split, left: nodes.length, right: nodes.length + 1 });
      nodes.push(child(node, { settings, split }, true), child(node, { settings, split }, false));
    }
  }
  const predict = (levels: readonly number[]): number => {
    let step = steps[0];
    while (typeof step === 'object') {
      step = steps[step.isLeft[levels[step.setting]] ? step.left : step.right];
    }
    return step;
  };
  return { leaves, predict };
}

function child(
  { isIn, runs }: Node,
  {
    settings,
    split: { setting, isLeft },
  }: { readonly settings: readonly Levels[]; readonly split: Split },
  isOfLeft: boolean,
): Node {
  const { ofRun } = settings[setting];
  return {
    isIn: isIn.with(
      setting,
      isIn[setting].map((isThere, level) => isThere && isLeft[level] === isOfLeft),
    ),
    runs: runs.filter((run) => isLeft[ofRun[run]] === isOfLeft),
  };
}

function bestSplit(
  settings: readonly Levels[],
  targets: readonly number[],
  node: Node,
): Split | undefined {
  let best: Split | undefined;
  for (const [setting, levels] of settings.entries()) {
    const split = splitOf(levels, targets, { ...node, setting });
    if (split !== undefined && split.gain > (best?.gain ?? 0)) best = split;
  }
  return best;
}

/** The best split by one setting: the one that lowers the sum of squares most. */
function splitOf(
  { isOrdered, ofRun, weights }: Levels,
  targets: readonly number[],
  { runs, isIn, setting }: Node & { readonly setting: number },
): Split | undefined {
  const sums = weights.map(() => 0);
  const counts = weights.map(() => 0);
  for (const run of runs) {
    sums[ofRun[run]] += targets[run];
    counts[ofRun[run]]++;
  }
  const present = [...weights.keys()].filter((level) => counts[level] > 0);
  if (present.length < 2) return undefined;
  const order = isOrdered
    ? present
    : present.sort((a, b) => sums[a] / counts[a] - sums[b] / counts[b] || a - b);
  const total = runs.reduce((sum, run) => sum + targets[run], 0);
  const before = (total * total) / runs.length;
  let [sum, count, gain, at] = [0, 0, 1e-12 * Math.max(before, Number.MIN_VALUE), -1];
  for (let i = 0; i + 1 < order.length; i++) {
    sum += sums[order[i]];
    count += counts[order[i]];
    const after = (sum * sum) / count + (total - sum) ** 2 / (runs.length - count);
    if (after - before > gain) [gain, at] = [after - before, i];
  }
  if (at < 0) return undefined;
  return { setting, gain, isLeft: leftOf({ order, at, isOrdered, isIn: isIn[setting] }) };
}

/** Levels that no run of the node has go where their neighbours are; names, to the right. */
function leftOf({
  order,
  at,
  isOrdered,
  isIn,
}: {
  readonly order: readonly number[];
  readonly at: number;
  readonly isOrdered: boolean;
  readonly isIn: readonly boolean[];
}): boolean[] {
  if (!isOrdered) {
    const left = new Set(order.slice(0, at + 1));
    return isIn.map((_, level) => left.has(level));
  }
  const middle = (order[at] + order[at + 1]) / 2;
  return isIn.map((_, level) => level <= middle);
}
