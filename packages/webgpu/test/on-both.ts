import { compile } from '@llm101/wasm';
import { engine, type NamedAttrMap, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { compilerFor } from '../src/index.js';
import { sharedGpu } from './on-gpu.js';

/** Runs a kernel by its name. */
export const run = (
  name: string,
  inputs: Record<string, Tensor>,
  attrs: NamedAttrMap = {},
): Tensor[] => [engine().runKernel(name, inputs, attrs)].flat();

/** What a step is checked by. */
export interface Checked {
  /** Shapes of arguments, or tensors of whole numbers. */
  readonly feeds: readonly (readonly number[] | Int32Array)[];
  /** Shapes of those tensors. */
  readonly shapes?: readonly (readonly number[])[];
}

/** Numbers between -1 and 1 without a pattern that sizes could hide. */
const someValues = (n: number, salt: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(salt * 12.9898 + i * 78.233));

/** What came of a step. */
export interface Both {
  /** How far the GPU's results are off those of wasm, in parts of the largest number of each. */
  readonly off: number;
  readonly results: readonly (readonly number[])[];
}

/** Runs a step on wasm and on the GPU. @throws Error where the GPU gives other bytes a second time */
export async function onBoth(
  step: (...inputs: Tensor[]) => Tensor[],
  { feeds, shapes = [] }: Checked,
): Promise<Both> {
  const gpu = await sharedGpu();
  let whole = 0;
  const inputs = feeds.map((feed, i) =>
    feed instanceof Int32Array
      ? tensor(feed, [...shapes[whole++]], 'int32')
      : tensor(
          someValues(
            feed.reduce((a, b) => a * b, 1),
            i + 1,
          ),
          [...feed],
        ),
  );
  const [onWasm, onGpu] = [compile(step), compilerFor(gpu)(step)];
  const wanted = onWasm.read(...inputs).map((values) => Array.from(values));
  const [results, again] = [await onGpu.readLater(...inputs), await onGpu.readLater(...inputs)].map(
    (all) => all.map((values) => Array.from(values)),
  );
  for (const one of [onWasm, onGpu, ...inputs]) one.dispose();
  if (!results.every((values, k) => values.every((x, i) => Object.is(x, again[k][i]))))
    throw new Error('the same step gave other numbers the second time');
  if (results.length !== wanted.length) throw new Error('another number of results');
  const off = results.map((got, k) => difference(got, wanted[k]));
  return { off: off.reduce((a, b) => (a >= b ? a : b), 0), results };
}

/** The largest difference of two lists, in parts of the largest number; NaN and infinities must be the same. */
function difference(got: readonly number[], wanted: readonly number[]): number {
  const largest = wanted.filter(Number.isFinite).reduce((a, b) => Math.max(a, Math.abs(b)), 1e-30);
  if (got.length !== wanted.length) return Infinity;
  const off = got.map((x, i) => (Object.is(x, wanted[i]) ? 0 : Math.abs(x - wanted[i]) / largest));
  return off.reduce((a, b) => Math.max(a, Number.isNaN(b) ? Infinity : b), 0);
}
