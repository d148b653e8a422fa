import { env, getBackend, memory, scalar, setBackend, square } from '@tensorflow/tfjs-core';
import { version_core } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, expect, it, vi } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { checkVersions } from '../src/start-backend.js';

afterEach(() => {
  vi.restoreAllMocks();
});

// First of all, since a running backend has SIMD.
it('says what to do where WebAssembly has no SIMD, and may be tried again', async () => {
  env().set('WASM_HAS_SIMD_SUPPORT', false);
  await expect(startBackend()).rejects.toThrow(
    'startBackend: WebAssembly must have SIMD; this engine has none (WASM_HAS_SIMD_SUPPORT is false); use Node 20.19 or later',
  );
  env().set('WASM_HAS_SIMD_SUPPORT', true);
  await expect(startBackend()).resolves.toMatchObject({ simd: true });
});

it('says what it runs on', async () => {
  expect(await startBackend()).toEqual({
    name: 'wasm',
    simd: true,
    threads: 1,
    tfjsVersion: version_core,
    description: 'wasm, SIMD, 1 thread, tfjs 4.22.0',
  });
});

it('gives the same to calls at the same time and later ones, and warns of nothing', async () => {
  const warn = vi.spyOn(console, 'warn');
  const [first, second] = await Promise.all([startBackend(), startBackend()]);
  expect(second).toBe(first);
  expect(await startBackend()).toBe(first);
  expect(warn).not.toHaveBeenCalled();
});

it('makes the backend the current one again, tensors kept', async () => {
  await startBackend();
  const kept = scalar(5);
  const { numTensors } = memory();
  await setBackend('cpu');
  await startBackend();
  expect(getBackend()).toBe('wasm');
  expect(kept.dataSync()).toEqual(Float32Array.of(5));
  expect(memory().numTensors).toBe(numTensors);
  kept.dispose();
});

it('loads the kernels with relaxed SIMD where they are asked for, also later', async () => {
  await startBackend();
  const relaxed = () => compile((x) => square(x), { relaxedSimd: true });
  expect(relaxed).toThrow(
    'compile: relaxedSimd must come with its kernels; they are not loaded; await startBackend({ relaxedSimd: true }) first',
  );
  await Promise.all([startBackend({ relaxedSimd: true }), startBackend({ relaxedSimd: true })]);
  const step = relaxed();
  expect(step.arithmetic).toMatch(/^compiled(, relaxed SIMD)?$/); // not every engine has it
  expect(step.read(3)).toEqual(Float32Array.of(9));
  step.dispose();
});

it('forbids threads', async () => {
  await startBackend();
  expect(env().getFlags()['WASM_HAS_MULTITHREAD_SUPPORT']).toBe(false);
});

it('needs one version of tfjs', () => {
  expect(() => checkVersions('4.22.0', '4.21.0')).toThrow(
    'startBackend: @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm must be of one version; got 4.22.0 and 4.21.0',
  );
});
