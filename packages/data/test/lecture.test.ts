// The lecture's split and first batches, as PyTorch and scikit-learn make them, seed 101.
import { createHash } from 'node:crypto';
import { Generator, normal, uniform } from '@llm101/random';
import { lectureReference, namesPath } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import {
  CharTokenizer,
  DataLoader,
  describeDuplicates,
  describeText,
  duplicateReport,
  NextTokenDataset,
  preview,
  splitLines,
  trainTestSplit,
} from '../src/index.js';
import { loadText } from '../src/node/index.js';

const reference = lectureReference();
const path = namesPath();
const missing = reference === undefined || path === undefined;
const note = missing ? ' (skipped: no reference figures)' : '';

const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
const sha256 = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex');

const loaded = path === undefined ? undefined : await loadText(path);
const lines = splitLines(loaded?.text ?? 'a\nb\n');
const { train, test } = trainTestSplit(lines, {
  testSize: 0.1,
  generator: Generator.seeded(101),
});

describe.skipIf(missing)(`the lecture's names${note}`, () => {
  it('are loaded as they are', () => {
    expect(loaded?.sha256).toBe(reference?.names_sha256);
    expect(loaded && describeText(loaded)).toBe(`loaded 228,145 characters from ${path}`);
    expect(lines).toHaveLength(32_033);
    expect(CharTokenizer.fromText(lines).alphabet).toBe(tokenizer.alphabet);
  });
  it("are split as by scikit-learn's train_test_split", () => {
    const split = reference?.split;
    expect(train).toHaveLength(split?.train ?? 0);
    expect(test).toHaveLength(split?.val ?? 0);
    expect(train.slice(0, 5)).toEqual(split?.train_first);
    expect(test.slice(0, 5)).toEqual(split?.val_first);
    expect(train.at(-1)).toBe(split?.train_last);
    expect(test.at(-1)).toBe(split?.val_last);
    expect(sha256(train)).toBe(split?.train_sha256);
    expect(sha256(test)).toBe(split?.val_sha256);
  });
  it('are in part the same in training and validation', () => {
    expect(describeDuplicates(duplicateReport(train, test))).toBe(
      '29,494 of 32,033 lines are distinct. 474 of 3,204 test lines (14.8 %) also occur in training.',
    );
  });
  it('share nothing when distinct names are split', () => {
    const apart = trainTestSplit(lines, {
      testSize: 0.1,
      generator: Generator.seeded(101),
      distinct: true,
    });
    const report = duplicateReport(apart.train, apart.test);
    expect(report).toMatchObject({ lines: 32_033, distinct: 29_494, testLinesInTrain: 0 });
    expect(new Set(apart.test).size).toBe(2950);
  });
  it('make the windows that the lecture prints', () => {
    const dataset = new NextTokenDataset(train, tokenizer, 8);
    expect(preview(dataset, tokenizer, 8)).toEqual([
      '........ --> k',
      '.......k --> e',
      '......ke --> y',
      '.....key --> l',
      '....keyl --> e',
      '...keyle --> r',
      '..keyler --> .',
      '........ --> t',
    ]);
  });
  it.each(
    (reference?.cases ?? []).map(
      (run) => [`${run.model} ${run.context_size} ${run.optimizer}`, run] as const,
    ),
  )("come in PyTorch's first batch: %s", (_, run) => {
    const dataset = new NextTokenDataset(train, tokenizer, run.context_size);
    expect(dataset).toHaveLength(run.train_examples);
    expect(new NextTokenDataset(test, tokenizer, run.context_size)).toHaveLength(run.val_examples);

    // The generator has drawn the model's initial values before: the embedding's normal, the others uniform.
    const generator = Generator.seeded(101);
    for (const [name, { shape }] of Object.entries(run.init)) {
      const size = shape.reduce((product, length) => product * length, 1);
      if (name === 'embedding.weight') normal(generator, size);
      else uniform(generator, size, { low: -1, high: 1 });
    }
    const loader = new DataLoader(dataset, {
      batchSize: run.batch_size,
      shuffle: true,
      generator,
    });
    for (const { inputs, targets } of loader) {
      expect([...inputs.subarray(0, 2 * run.context_size)]).toEqual(run.first_batch_inputs.flat());
      expect([...targets]).toEqual(run.first_batch_targets);
      break;
    }
  });
});
