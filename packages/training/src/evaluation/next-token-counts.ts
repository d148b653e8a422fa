import type { Dataset } from '@llm101/data';
import { checkWhole } from '../checks.js';

/**
 * The windows of a data set with each distinct context once, beside how often each symbol follows it. A model gives
 * the same scores to the same context, so that an evaluation of these is exact and does less: of the 22,690 validation
 * windows of the lecture's names, 9,974 have a context of their own. A context is known by its row in the data set,
 * which takes the same memory whatever its length.
 */
export class NextTokenCounts {
  /** T: tokens of a context. */
  readonly contextSize: number;
  /** V: symbols that can follow. */
  readonly vocabSize: number;
  /** D: distinct contexts. */
  readonly length: number;
  /** `[D]` int32: the first row of each context in the data set, in ascending order. */
  readonly rows: Int32Array;
  /** `[D + 1]`: the followers of context i are those from `firstFollower[i]` to before `firstFollower[i + 1]`. */
  readonly firstFollower: Int32Array;
  /** The symbols that follow a context, each once, in ascending order. */
  readonly followers: Int32Array;
  /** How often each of {@link followers} follows. */
  readonly times: Int32Array;
  /** The rows of answers, where the data set has some: by row the context, the target, and which answer that is part of. */
  readonly answers:
    | { readonly contexts: Int32Array; readonly targets: Int32Array; readonly answers: Int32Array }
    | undefined;
  readonly #dataset: Dataset;

  /**
   * @throws RangeError when the data set is empty, a row has several targets or isn't such as the data set says, or a target
   * isn't from 0 to vocabSize - 1
   */
  constructor(dataset: Dataset, vocabSize: number) {
    checkWhole('NextTokenCounts: vocabSize', vocabSize, 1);
    checkWhole('NextTokenCounts: length of the data set', dataset.length, 1);
    checkWhole('NextTokenCounts: contextSize of the data set', dataset.contextSize, 1);
    if (dataset.targetsPerRow !== 1) {
      throw new RangeError(
        `NextTokenCounts: each row must have one target; got ${dataset.targetsPerRow}, pass batches of a loader instead`,
      );
    }
    checkRows(dataset, vocabSize);
    const { groups, rows } = groupContexts(dataset);
    const targets = targetsOf(dataset);
    this.answers = answersOf(dataset, groups, targets);
    const pairs = sortedPairs(groups, targets, vocabSize); // a number for each context and its target
    const isNew = (pair: number, i: number): boolean => pair !== pairs[i - 1];
    const distinct = pairs.filter(isNew);
    this.contextSize = dataset.contextSize;
    this.vocabSize = vocabSize;
    this.length = rows.length;
    this.rows = rows;
    this.firstFollower = new Int32Array(rows.length + 1);
    this.followers = new Int32Array(distinct.length);
    this.times = new Int32Array(distinct.length);
    let at = 0;
    for (const [i, pair] of distinct.entries()) {
      this.followers[i] = pair % vocabSize;
      this.firstFollower[Math.floor(pair / vocabSize) + 1] = i + 1;
      const first = at;
      while (pairs[at] === pair) at++;
      this.times[i] = at - first;
    }
    this.#dataset = dataset;
  }

  /** Contexts `first` to before `end`: `[end - first, T]` int32. */
  contexts(first: number, end: number): Int32Array {
    const T = this.contextSize;
    const contexts = new Int32Array((end - first) * T);
    for (let i = first; i < end; i++) {
      this.#dataset.copyRow(this.rows[i], contexts, (i - first) * T);
    }
    return contexts;
  }
}

/**
 * Reads each row once into doubles, in which a fraction, NaN, a number that is missing and one too many can be seen.
 *
 * @throws RangeError naming the first row that isn't T tokens and a target
 */
function checkRows(dataset: Dataset, vocabSize: number): void {
  const { length, contextSize: T } = dataset;
  const check = (what: string, values: Float64Array, below: number): void => {
    const size = values.length - 2;
    const isToken = (value: number): boolean =>
      Number.isInteger(value) && value >= 0 && value < below;
    const wrong = values.subarray(1, size + 1).findIndex((value) => !isToken(value));
    if (wrong === -1 && Number.isNaN(values[0]) && Number.isNaN(values[size + 1])) return;
    const got = wrong === -1 ? 'more of them' : String(values[wrong + 1]);
    const remedy = below === vocabSize ? ", pass the tokenizer's vocabSize" : '';
    throw new RangeError(
      `NextTokenCounts: ${what} must be from 0 to ${below - 1}, ${size} a row; got ${got} in row ${row}${remedy}`,
    );
  };
  let row = 0;
  const [tokens, target] = [new Float64Array(T + 2), new Float64Array(3)];
  for (; row < length; row++) {
    tokens.fill(NaN);
    dataset.copyRow(row, tokens, 1);
    check('tokens', tokens, 2 ** 31);
    target.fill(NaN);
    dataset.copyTargets(row, target, 1);
    check('targets', target, vocabSize);
  }
}

/** Numbers the distinct contexts by their first rows, by a hash table with open addresses, at most half full. */
function groupContexts(dataset: Dataset): { groups: Int32Array; rows: Int32Array } {
  const { length, contextSize: T } = dataset;
  const groups = new Int32Array(length);
  const rows = new Int32Array(length);
  const hashes = new Int32Array(length);
  const mask = 2 ** Math.ceil(Math.log2(2 * length + 1)) - 1;
  const table = new Int32Array(mask + 1).fill(-1);
  const [context, other] = [new Int32Array(T), new Int32Array(T)];
  const isIn = (group: number): boolean => {
    dataset.copyRow(rows[group], other, 0);
    for (let t = T - 1; t >= 0; t--) if (context[t] !== other[t]) return false; // most differ at their ends
    return true;
  };
  let found = 0;
  for (let row = 0; row < length; row++) {
    dataset.copyRow(row, context, 0);
    const hash = hashOf(context);
    let slot = hash & mask;
    let group = table[slot];
    while (group !== -1 && !(hashes[group] === hash && isIn(group))) {
      slot = (slot + 1) & mask;
      group = table[slot];
    }
    if (group === -1) {
      group = found++;
      table[slot] = group;
      rows[group] = row;
      hashes[group] = hash;
    }
    groups[row] = group;
  }
  return { groups, rows: rows.slice(0, found) };
}

/** FNV-1a over whole tokens, its bits mixed at the end. */
function hashOf(tokens: Int32Array): number {
  let hash = 0x811c9dc5 | 0;
  for (let t = 0; t < tokens.length; t++) hash = Math.imul(hash ^ tokens[t], 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/** `group * vocabSize + target` of each row, in ascending order. */
function sortedPairs(groups: Int32Array, targets: Int32Array, vocabSize: number): Float64Array {
  return Float64Array.from(groups, (group, row) => group * vocabSize + targets[row]).sort();
}

/** `[N]` int32 */
function targetsOf(dataset: Dataset): Int32Array {
  const targets = new Int32Array(dataset.length);
  for (let row = 0; row < targets.length; row++) dataset.copyTargets(row, targets, row);
  return targets;
}

function answersOf(
  dataset: Dataset,
  contexts: Int32Array,
  targets: Int32Array,
): NextTokenCounts['answers'] {
  if (dataset.answerOf === undefined) return undefined;
  const answers = new Int32Array(dataset.length);
  for (let row = 0; row < answers.length; row++) answers[row] = dataset.answerOf(row);
  return { contexts, targets, answers };
}
