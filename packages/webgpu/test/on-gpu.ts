import { compile, startBackend } from '@llm101/wasm';
import { useSoftwareGpu } from '@tools/browsers/software-gpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import { compilerFor, openGpu, type Gpu, type GpuCompile } from '../src/index.js';

/** Why there is no GPU here that tests can have; undefined where there is one. */
export const whyNone = useSoftwareGpu()
  ? undefined
  : 'tests on a GPU need Chromium and libvulkan1: npm run install-gpu -w @tools/browsers';
if (whyNone !== undefined) process.stderr.write(`${whyNone}\n`);

/** Whether tests have none. */
export const hasNone = whyNone !== undefined;

let opened: Promise<Gpu> | undefined;

/** The GPU of this file's tests. */
export const sharedGpu = (): Promise<Gpu> => (opened ??= openGpu());

/** What a step returns, in arrays. */
export type Values = ArrayLike<number>[];

/** The values that a step gives compiled for the GPU, and for wasm, after so many calls. */
export async function onBoth(
  step: (...inputs: Tensor[]) => Tensor[],
  inputs: readonly Tensor[],
  compiler?: GpuCompile,
): Promise<{ readonly gpu: Values; readonly wasm: Values }> {
  await startBackend();
  const there = (compiler ?? compilerFor(await sharedGpu()))(step, { rehearse: 'never' });
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
export function difference(actual: Values, expected: Values, within: number): string | undefined {
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
