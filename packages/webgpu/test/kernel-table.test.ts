// Every kernel of wasm's table, recorded and replayed on a GPU, against the same step compiled for wasm: values and gradients.
import { compile, startBackend } from '@llm101/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { elementwise } from '../../wasm/test/kernel-table/elementwise.js';
import { images } from '../../wasm/test/kernel-table/images.js';
import { indexing } from '../../wasm/test/kernel-table/indexing.js';
import { layers } from '../../wasm/test/kernel-table/layers.js';
import { moving } from '../../wasm/test/kernel-table/moves.js';
import { others } from '../../wasm/test/kernel-table/others.js';
import { reductions } from '../../wasm/test/kernel-table/reductions.js';
import { fillValues, type Input, type Row } from '../../wasm/test/kernel-table/rows.js';
import { transformers } from '../../wasm/test/kernel-table/transformers.js';
import { values } from '../../wasm/test/values.js';
import { kernels } from '../src/kernels/index.js';
import { functionsOfNumbers } from '../src/pointwise/functions.js';
import { pointwise } from '../src/pointwise/index.js';
import { compilerFor } from '../src/index.js';
import { hasNone, sharedGpu } from './on-gpu.js';

const table: Readonly<Record<string, readonly Row[]>> = {
  ...elementwise,
  ...reductions,
  ...moving,
  ...indexing,
  ...images,
  ...layers,
  ...others,
  ...transformers,
};

beforeAll(() => startBackend());

/** GPUs may take subnormal numbers for 0. */
const normal = (x: number): number => (Math.abs(x) < 2 ** -126 && !Object.is(x, -0) ? 0 : x);

const makeInputs = (inputs: readonly Input[]): tf.Tensor[] =>
  inputs.map((input, i) =>
    tf.tensor(fillValues(input, i).map(normal), [...input.shape], input.dtype),
  );

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

/**
 * Cases that stand for a row's, as software is slow: of each list of types the one of most axes, and of the first list a scalar, nothing,
 * and what is broadcast. Attention takes seconds to compile: one.
 */
function chosen(name: string, cases: Row['cases']): Row['cases'] {
  const usable = cases.filter((inputs) =>
    inputs.every(
      ({ dtype, fill }) =>
        dtype !== 'string' &&
        dtype !== 'complex64' &&
        !(dtype === 'int32' && fill === 'extreme' && name in functionsOfNumbers), // which are of float32
    ),
  );
  if (/Attention/.test(name)) return usable.slice(0, 2).slice(-1);
  const typesOf = (inputs: readonly Input[]): string => inputs.map(({ dtype }) => dtype).join();
  const isEmpty = (inputs: readonly Input[]): boolean =>
    inputs.some(({ shape }) => shape.includes(0));
  /** How many axes it has, first those longer than 1. */
  const ranks = (inputs: readonly Input[]): number =>
    inputs.reduce(
      (sum, { shape }) => sum + shape.length + 10 * shape.filter((n) => n > 1).length,
      0,
    );
  const found = new Set<readonly Input[]>();
  for (const types of new Set(usable.map(typesOf))) {
    const own = usable.filter((inputs) => typesOf(inputs) === types && !isEmpty(inputs));
    const highest = own.reduce((best, inputs) => Math.max(best, ranks(inputs)), 0);
    for (const inputs of own.filter((one) => ranks(one) === highest).slice(0, 1)) found.add(inputs);
  }
  const first = usable.filter((inputs) => typesOf(inputs) === typesOf(usable[0]));
  const isBroadcast = ([one, ...more]: readonly Input[]): boolean =>
    pointwise[name] !== undefined && more.some(({ shape }) => shape.join() !== one.shape.join());
  const kinds = [(one: readonly Input[]) => ranks(one) === 0, isEmpty, isBroadcast];
  for (const is of kinds) for (const inputs of first.filter(is).slice(0, 1)) found.add(inputs);
  return [...found];
}

/** What differs of a row's cases, and kernels that are missing. */
async function problemsOf(
  name: string,
  { cases, f, within = 2e-6, gradient }: Row,
): Promise<string[]> {
  const problems: string[] = [];
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
  for (const inputs of chosen(name, cases)) {
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

/** What recording and passes make constants, views or other operations of. */
const rewritten = new Set(['Einsum', 'Reshape', 'ExpandDims', 'Fill', 'Range', 'LinSpace']);

/** What takes seconds to compile, and is tried in attention.test.ts. */
const isElsewhere = (name: string): boolean => /^CausalAttention|AttentionDropout/.test(name);

const known = (name: string): boolean =>
  (kernels[name] !== undefined || pointwise[name] !== undefined || rewritten.has(name)) &&
  !isElsewhere(name);

describe.skipIf(hasNone).each(Object.keys(table).filter(known))('%s', (name) => {
  it.each(table[name].map((row, i) => [i, row] as const))('row %i', async (_, row) => {
    if (row.compiled === false || row.refused !== undefined) return;
    const problems = await problemsOf(name, row);
    expect(problems.length, problems.slice(0, 4).join('\n')).toBe(0);
  });
});
