// Every kernel of wasm's table, recorded and replayed on a GPU, against the same step compiled for wasm: values and gradients.
import { compile, startBackend } from '@llm101/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { elementwise } from '../../wasm/test/kernel-table/elementwise.js';
import { indexing } from '../../wasm/test/kernel-table/indexing.js';
import { layers } from '../../wasm/test/kernel-table/layers.js';
import { moving } from '../../wasm/test/kernel-table/moves.js';
import { reductions } from '../../wasm/test/kernel-table/reductions.js';
import { fillValues, type Input, type Row } from '../../wasm/test/kernel-table/rows.js';
import { transformers } from '../../wasm/test/kernel-table/transformers.js';
import { values } from '../../wasm/test/values.js';
import { kernels } from '../src/kernels/index.js';
import { pointwise } from '../src/pointwise/index.js';
import { compilerFor } from '../src/index.js';
import { hasNone, sharedGpu } from './on-gpu.js';

const table: Readonly<Record<string, readonly Row[]>> = {
  ...elementwise,
  ...reductions,
  ...moving,
  ...indexing,
  ...layers,
  ...transformers,
};

beforeAll(() => startBackend());

const makeInputs = (inputs: readonly Input[]): tf.Tensor[] =>
  inputs.map((input, i) => tf.tensor(fillValues(input, i), [...input.shape], input.dtype));

/** What a step returns, in arrays. */
type Values = ArrayLike<number>[];

/** The values that a step gives compiled for the GPU, and for wasm, after so many calls. */
async function onBoth(
  step: (...inputs: tf.Tensor[]) => tf.Tensor[],
  inputs: readonly tf.Tensor[],
): Promise<{ readonly gpu: Values; readonly wasm: Values }> {
  const there = compilerFor(await sharedGpu())(step, { rehearse: 'never' });
  const here = compile(step, { rehearse: 'never' });
  try {
    const wasm = here.read(...inputs) as Values;
    const gpu = (await there.readLater(...inputs)) as Values;
    return { gpu, wasm };
  } finally {
    there.dispose();
    here.dispose();
  }
}

/**
 * Where two results differ.
 *
 * @param within - of the largest value, and of each
 * @returns undefined where they agree; else the first place and both numbers
 */
function difference(actual: Values, expected: Values, within: number): string | undefined {
  for (const [i, wanted] of expected.entries()) {
    const got = actual[i];
    if (got.length !== wanted.length) return `${got.length} values, not ${wanted.length}`;
    const finite = Array.from(wanted).filter(Number.isFinite).map(Math.abs);
    const scale = Math.min(
      finite.reduce((a, b) => Math.max(a, b), 0),
      1e3,
    );
    for (let k = 0; k < wanted.length; k++) {
      const [a, b] = [got[k], wanted[k]];
      if (Object.is(a, b) || a === b) continue;
      if (!(Math.abs(a - b) <= within * (scale + Math.abs(b))))
        return `${i}[${k}] is ${a}, not ${b}`;
    }
  }
  return undefined;
}

type Work = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** The gradients of the outputs' weighted sum for the inputs of float32. */
const gradientOf =
  (f: Work): Work =>
  (...inputs) => {
    const total = (...floats: tf.Tensor[]): tf.Scalar => {
      const rest = [...floats];
      const given = inputs.map((x) => (x.dtype === 'float32' ? (rest.shift() ?? x) : x));
      const weighted = [f(...given)]
        .flat()
        .filter(({ dtype }) => dtype === 'float32')
        .map((y) => tf.sum(tf.mul(y, tf.tensor(values(y.size, 3), y.shape))));
      return tf.addN(weighted) as tf.Scalar;
    };
    return tf.grads(total)(inputs.filter(({ dtype }) => dtype === 'float32'));
  };

const isExtreme = (inputs: readonly Input[]): boolean =>
  inputs.some(({ fill }) => fill === 'extreme');

/** What differs of a row's cases, and kernels that are missing. */
async function problemsOf({ cases, f, within = 2e-6, gradient }: Row): Promise<string[]> {
  const problems: string[] = [];
  const usable = cases.filter((inputs) =>
    inputs.every(({ dtype }) => dtype !== 'string' && dtype !== 'complex64'),
  );
  const compare = async (
    what: string,
    work: Work,
    inputs: readonly Input[],
    allowed: number,
  ): Promise<void> => {
    const tensors = makeInputs(inputs);
    const where = `${what} of ${inputs.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join(', ')}`;
    try {
      const { gpu, wasm } = await onBoth(
        (...given) => tf.tidy(() => [work(...given)].flat()),
        tensors,
      );
      const problem = difference(gpu, wasm, allowed);
      if (problem !== undefined) problems.push(`${where}: ${problem}`);
    } catch (error) {
      if (error instanceof Error && isRefused(work, tensors)) return;
      problems.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      tf.dispose(tensors);
    }
  };
  for (const inputs of usable.filter((own) => !isExtreme(own)).slice(0, MOST_CASES)) {
    await compare('values', f, inputs, Math.max(within, 4e-6));
    const isFloat = inputs.some(({ dtype }) => dtype === 'float32');
    if (gradient !== false && isFloat)
      await compare('gradients', gradientOf(f), inputs, Math.max(within, 4e-6) * 5);
  }
  return problems;
}

/** Whether the work can't be done at all. */
function isRefused(work: Work, inputs: readonly tf.Tensor[]): boolean {
  try {
    tf.tidy(() => void work(...inputs));
    return false;
  } catch {
    return true;
  }
}

/** Cases of a row that are tried: software is slow. */
const MOST_CASES = 2;

const known = (name: string): boolean =>
  kernels[name] !== undefined || pointwise[name] !== undefined;

describe.skipIf(hasNone).each(Object.keys(table).filter(known))('%s', (name) => {
  it.each(table[name].map((row, i) => [i, row] as const))('row %i', async (_, row) => {
    if (row.compiled === false || row.refused !== undefined) return;
    const problems = await problemsOf(row);
    expect(problems.length, problems.slice(0, 4).join('\n')).toBe(0);
  });
});
