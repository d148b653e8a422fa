// Every kernel of the backend after startBackend, ours and tfjs' own: values and gradients, eager and compiled, against
// tfjs' CPU backend. Types, ranks, shapes around the widths of registers, nothing at all, extreme values, broadcasting.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { elementwise } from './kernel-table/elementwise.js';
import { gradientOf, type Work } from './kernel-table/gradient-of.js';
import { images } from './kernel-table/images.js';
import { indexing } from './kernel-table/indexing.js';
import { layers } from './kernel-table/layers.js';
import { moving } from './kernel-table/moves.js';
import { elsewhere, others } from './kernel-table/others.js';
import { reductions } from './kernel-table/reductions.js';
import { transformers } from './kernel-table/transformers.js';
import { fillValues, type Input, type Row } from './kernel-table/rows.js';
import { watchMemory, type MemoryWatch } from './kernel-table/watch-memory.js';
import { watchTypes, type TypesWatch } from './kernel-table/watch-types.js';

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

/** A step with one of these is computed while it is recorded. */
const unforeseen =
  'BatchToSpaceND Bincount BroadcastArgs Conv3D Conv3DBackpropFilterV2 Conv3DBackpropInputV2 CropAndResize DenseBincount DepthToSpace Diag ' +
  'Dilation2D Dilation2DBackpropFilter Dilation2DBackpropInput FlipLeftRight NonMaxSuppressionV3 NonMaxSuppressionV4 NonMaxSuppressionV5 ' +
  'ResizeBilinear ResizeBilinearGrad ResizeNearestNeighbor ResizeNearestNeighborGrad RotateWithOffset SearchSorted SpaceToBatchND ' +
  'SparseFillEmptyRows SparseReshape SparseSegmentMean SparseSegmentSum SparseToDense TensorScatterUpdate Transform Unique';

await startBackend();
const kernels = tf.getKernelsForBackend('wasm').map(({ kernelName }) => kernelName);
let watch: MemoryWatch;
let types: TypesWatch;
beforeAll(() => {
  watch = watchMemory();
  types = watchTypes();
});

interface Plain {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number | string>;
}
type Outcome = readonly Plain[] | string;

const makeInputs = (inputs: readonly Input[]): tf.Tensor[] =>
  inputs.map((input, i) => tf.tensor(fillValues(input, i), [...input.shape], input.dtype));
const plain = (tensors: readonly tf.Tensor[]): Plain[] =>
  tensors.map((y) => ({ dtype: y.dtype, shape: y.shape, values: y.dataSync() }));

/** What happens: values, or an error's message. */
function outcome(work: () => tf.Tensor | tf.Tensor[]): Outcome {
  let result: Outcome = [];
  try {
    tf.tidy(() => {
      result = plain([work()].flat());
    });
  } catch (error) {
    result = error instanceof Error ? error.message : 'no error';
  }
  return result;
}

/** Nothing where both agree, else where they don't. */
function difference(actual: Outcome, expected: Outcome, within: number): string | undefined {
  if (typeof expected === 'string' || typeof actual === 'string') {
    return typeof expected === typeof actual ? undefined : `${show(actual)}, not ${show(expected)}`;
  }
  for (const [i, wanted] of expected.entries()) {
    const got = actual[i];
    const [type, wantedType] = [got, wanted].map((x) => `${x.dtype} [${x.shape.join()}]`);
    if (type !== wantedType) return `${type}, not ${wantedType}`;
    const finite = Array.from(wanted.values, Number).filter(Number.isFinite).map(Math.abs);
    const scale = Math.min(
      finite.reduce((a, b) => Math.max(a, b), 0),
      1e3,
    );
    for (let j = 0; j < wanted.values.length; j++) {
      const [a, raw] = [got.values[j], wanted.values[j]];
      const b = wanted.dtype === 'bool' ? Number(raw !== 0) : raw; // the CPU backend leaves a 2 or a 255
      if (Object.is(a, b) || a === b) continue;
      const allowed = within * (scale + Math.abs(Number(b)));
      if (!(Math.abs(Number(a) - Number(b)) <= allowed)) return `[${j}] is ${a}, not ${b}`;
    }
  }
  return undefined;
}

const show = (x: Outcome): string =>
  typeof x === 'string'
    ? `the error "${x}"`
    : JSON.stringify(x.map((y) => Array.from(y.values).slice(0, 5)));
const describeInputs = (inputs: readonly Input[]): string =>
  inputs
    .map(({ dtype, shape, fill }) => `${dtype}[${shape.join()}] ${JSON.stringify(fill)}`)
    .join(', ');

async function onCpu(cases: Row['cases'], f: Work): Promise<Outcome[]> {
  await tf.setBackend('cpu');
  const outcomes = cases.map((inputs) => outcome(() => f(...makeInputs(inputs))));
  await tf.setBackend('wasm');
  return outcomes;
}

/** Twice as it is, since the first call learns; then compiled. */
function onWasm(inputs: readonly Input[], f: Work, isCompiled: boolean): Outcome[] {
  const eager = (): Outcome => outcome(() => f(...makeInputs(inputs)));
  const first = eager();
  const outcomes = [first, eager()];
  if (!isCompiled || typeof first === 'string') return outcomes;
  const step = compile((...given: tf.Tensor[]) => tf.tidy(() => f(...given)), {
    relaxedSimd: false,
  });
  outcomes.push(outcome(() => step(...makeInputs(inputs))));
  outcomes.push(outcome(() => step(...makeInputs(inputs))));
  step.dispose();
  return outcomes;
}

async function problemsOf(row: Row): Promise<string[]> {
  const { cases, f, reference = f, within = 2e-6, compiled = true, refused } = row;
  const problems: string[] = [];
  const compare = async (what: string, ours: Work, theirs: Work): Promise<void> => {
    const expected = await onCpu(cases, theirs);
    for (const [i, inputs] of cases.entries()) {
      const where = `${what} of ${describeInputs(inputs)}`;
      for (const [time, actual] of onWasm(inputs, ours, compiled).entries()) {
        const problem = difference(actual, expected[i], within);
        if (problem !== undefined)
          problems.push(`${where}, ${time < 2 ? 'eager' : 'compiled'}: ${problem}`);
      }
    }
  };
  if (refused !== undefined) {
    for (const inputs of cases) {
      const step = compile((...given: tf.Tensor[]) => tf.tidy(() => f(...given)));
      for (const run of [f, step]) {
        const actual = outcome(() => run(...makeInputs(inputs)));
        if (typeof actual !== 'string' || !actual.includes(refused)) problems.push(show(actual));
      }
      step.dispose();
    }
    return problems;
  }
  await compare('values', f, reference);
  const isFloat = cases.every((inputs) => inputs.every(({ dtype }) => dtype !== 'bool'));
  const floats = cases.filter((inputs) => inputs.some(({ dtype }) => dtype === 'float32'));
  if (row.gradient ?? (isFloat || floats.length > 0)) {
    const only = { ...row, cases: floats };
    const expected = await onCpu(only.cases, gradientOf(reference));
    for (const [i, inputs] of only.cases.entries()) {
      for (const [time, actual] of onWasm(inputs, gradientOf(f), compiled).entries()) {
        const problem = difference(actual, expected[i], within * 5);
        if (problem !== undefined) {
          problems.push(
            `gradients of ${describeInputs(inputs)}, ${time < 2 ? 'eager' : 'compiled'}: ${problem}`,
          );
        }
      }
    }
  }
  return problems;
}

it('every kernel has a row, and every row a kernel', () => {
  expect(kernels.filter((name) => !(name in table) && !(name in elsewhere)).join()).toBe('');
  expect(Object.keys({ ...table, ...elsewhere }).filter((name) => !kernels.includes(name))).toEqual(
    [],
  );
});

describe.each(kernels.filter((name) => name in table))('%s', (name) => {
  it.each(table[name].map((row, i) => [i, row] as const))('row %i', async (_, row) => {
    watch.clear();
    types.wrong.length = 0;
    const problems = await problemsOf(row);
    expect(problems.length, problems.slice(0, 3).join('\n')).toBe(0);
    expect([...new Set(watch.overruns)]).toEqual([]);
    expect([...new Set(types.wrong)]).toEqual([]);
    const isReached = row.refused !== undefined || row.gradient === false || watch.called.has(name);
    expect(isReached, 'the row must call its kernel').toBe(true);
  });
});

it.each(Object.entries(elsewhere))('%s is tried in %s', (name, file) => {
  expect(readFileSync(join(import.meta.dirname, file), 'utf8')).toContain(name);
});

it('what numeric kernels return is known before they run, but for these', () => {
  const computed = [...types.unsaid].filter((name) => !unforeseen.split(' ').includes(name));
  expect(computed).toEqual([]);
});
