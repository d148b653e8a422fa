// Every kernel of wasm's table that a GPU has, recorded and replayed there, against its scalar twin on tfjs' CPU backend: values and gradients.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { elementwise } from '../../wasm/test/kernel-table/elementwise.js';
import { gradientOf, type Work } from '../../wasm/test/kernel-table/gradient-of.js';
import { images } from '../../wasm/test/kernel-table/images.js';
import { indexing } from '../../wasm/test/kernel-table/indexing.js';
import { layers } from '../../wasm/test/kernel-table/layers.js';
import { moving } from '../../wasm/test/kernel-table/moves.js';
import { others } from '../../wasm/test/kernel-table/others.js';
import { reductions } from '../../wasm/test/kernel-table/reductions.js';
import { fillValues, type Input, type Row } from '../../wasm/test/kernel-table/rows.js';
import { transformers } from '../../wasm/test/kernel-table/transformers.js';
import type { GpuCompile } from '../src/index.js';
import { kernels } from '../src/kernels/index.js';
import { functionsOfNumbers } from '../src/pointwise/functions.js';
import { pointwise } from '../src/pointwise/index.js';

/** The whole table. */
const all: Readonly<Record<string, readonly Row[]>> = {
  ...elementwise,
  ...reductions,
  ...moving,
  ...indexing,
  ...images,
  ...layers,
  ...others,
  ...transformers,
};

/** GPUs may take subnormal numbers for 0. */
const normal = (x: number): number => (Math.abs(x) < 2 ** -126 && !Object.is(x, -0) ? 0 : x);

const makeInputs = (inputs: readonly Input[]): tf.Tensor[] =>
  inputs.map((input, i) =>
    tf.tensor(fillValues(input, i).map(normal), [...input.shape], input.dtype),
  );

/** What a step returns, in arrays. */
type Values = ArrayLike<number>[];

/** What work gives on a GPU. */
async function onGpu(compile: GpuCompile, work: Work, inputs: readonly Input[]): Promise<Values> {
  const step = compile((...given: tf.Tensor[]) => tf.tidy(() => [work(...given)].flat()), {
    rehearse: 'never',
  });
  const tensors = makeInputs(inputs);
  try {
    return await step.readLater(...tensors);
  } finally {
    step.dispose();
    tf.dispose(tensors);
  }
}

/** What work gives on tfjs' CPU backend, for each case; an error where that refuses it. */
async function onCpu(cases: Row['cases'], work: Work): Promise<(Values | string)[]> {
  await tf.setBackend('cpu');
  try {
    return cases.map((inputs) => {
      const tensors = makeInputs(inputs);
      try {
        const outputs = tf.tidy(() => [work(...tensors)].flat());
        // the CPU backend leaves a 2 or a 255 in a bool
        return outputs.map((y) =>
          y.dtype === 'bool' ? Array.from(y.dataSync(), (x) => Number(x !== 0)) : y.dataSync(),
        );
      } catch (error) {
        return String(error);
      } finally {
        tf.dispose(tensors);
      }
    });
  } finally {
    await tf.setBackend('wasm');
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

/** What is compared of a row. */
export interface Compared {
  /** Whether gradients are, too. Default: true. */
  readonly gradients?: boolean;
}

/** What differs of some of a row's cases from the scalar twin's on tfjs' CPU backend. */
export async function problemsOf(
  compile: GpuCompile,
  name: string,
  { cases, f, reference = f, within = 2e-6, gradient }: Row,
  { gradients = true }: Compared = {},
): Promise<string[]> {
  const problems: string[] = [];
  const compare = async (
    what: string,
    { ours, theirs, own, allowed }: Comparison,
  ): Promise<void> => {
    const expected = await onCpu(own, theirs);
    for (const [i, inputs] of own.entries()) {
      const wanted = expected[i];
      const types = inputs.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join(', ');
      try {
        const got = await onGpu(compile, ours, inputs);
        const problem =
          typeof wanted === 'string' ? `not ${wanted}` : difference(got, wanted, allowed);
        if (problem !== undefined) problems.push(`${what} of ${types}: ${problem}`);
      } catch (error) {
        if (typeof wanted === 'string') continue;
        problems.push(
          `${what} of ${types}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  };
  const own = chosen(name, cases);
  const allowed = Math.max(within, 4e-6);
  await compare('values', { ours: f, theirs: reference, own, allowed });
  if (gradient === false || !gradients) return problems;
  const [ours, theirs] = [f, reference].map(gradientOf);
  const floats = own.filter((inputs) => inputs.some(({ dtype }) => dtype === 'float32'));
  await compare('gradients', { ours, theirs, own: floats, allowed: allowed * 5 });
  return problems;
}

/** Work, its scalar twin, and cases that both do. */
interface Comparison {
  readonly ours: Work;
  readonly theirs: Work;
  readonly own: Row['cases'];
  readonly allowed: number;
}

/** The rows of kernels that a GPU has, by their names. */
export const rows: Readonly<Record<string, readonly Row[]>> = Object.fromEntries(
  Object.entries(all)
    .filter(([name]) => kernels[name] !== undefined || pointwise[name] !== undefined)
    .map(([name, own]) => [
      name,
      own.filter(({ compiled, refused }) => compiled !== false && refused === undefined),
    ]),
);
