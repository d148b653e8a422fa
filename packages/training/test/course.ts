// What the tests of the course's lectures share: the names, their windows, and gradient descent.
import { readFileSync } from 'node:fs';
import { CharTokenizer, type Batch, type NextTokenDataset } from '@llm101/data';
import type { LanguageModel } from '@llm101/models';
import { Generator } from '@llm101/random';
import { compile } from '@llm101/wasm';
import { courseReference, namesPath } from '@tools/testing';
import { expect } from 'vitest';
import { runOnBatch, sgd, stepOf } from '../src/index.js';

export const reference = courseReference();
const path = namesPath();
export const why = reference === undefined ? ' (skipped: ../shared/reference is not here)' : '';
export const names = path === undefined ? [] : readFileSync(path, 'utf8').trim().split('\n');
export const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
export const V = 27;
export const seeded = (): Generator => Generator.seeded(101);

/** The bar: first losses. A thousand float32 products are added up in another order than PyTorch's. */
export const FIRST = { absolute: 1e-5 };
/** The bar: the loss on lines that weren't learned, after hundreds of steps. */
export const VALIDATION = { absolute: 1e-3 };

/** Rows of a data set by number. */
export function rowsOf(dataset: NextTokenDataset, rows: ArrayLike<number>): Batch {
  const [size, T] = [rows.length, dataset.contextSize];
  const [inputs, targets] = [new Int32Array(size * T), new Int32Array(size)];
  for (let i = 0; i < size; i++) {
    dataset.copyRow(rows[i], inputs, i * T);
    dataset.copyTargets(rows[i], targets, i);
  }
  return { size, contextSize: T, inputs, targets };
}

export const allRows = (dataset: NextTokenDataset): Batch =>
  rowsOf(
    dataset,
    Int32Array.from({ length: dataset.length }, (_, i) => i),
  );

/** The losses of steps of plain gradient descent. */
export function descend(
  model: LanguageModel,
  learningRate: number,
  { steps, batch }: { readonly steps: number; readonly batch: (step: number) => Batch },
): number[] {
  const optimizer = sgd(model.parameters(), { learningRate });
  const step = compile(stepOf(model, optimizer), { relaxedSimd: false });
  const losses = Array.from({ length: steps }, (_, i) => runOnBatch(step, batch(i))[0]);
  expect(step.program?.stats.fallbacks).toEqual({});
  step.dispose();
  optimizer.dispose();
  return losses;
}
