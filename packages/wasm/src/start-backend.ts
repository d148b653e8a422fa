import { engine, env, getBackend, setBackend, version_core } from '@tensorflow/tfjs-core';
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { guardMemory, wasmBackend } from './kernels/wasm-memory.js';
import { registerTraining } from './register-training.js';

/** What the backend runs on; `startBackend` returns it. */
export interface BackendInfo {
  /** As tfjs' `getBackend` has it. */
  readonly name: 'wasm';
  /** Always: the backend doesn't start without it. */
  readonly simd: true;
  /** Always one. */
  readonly threads: 1;
  /** The version of tfjs-core and of the backend, which are the same. */
  readonly tfjsVersion: string;
  /** All of it in one line, `wasm, SIMD, 1 thread, tfjs 4.22.0`. */
  readonly description: string;
}

const THREADS_FLAG = 'WASM_HAS_MULTITHREAD_SUPPORT';

/** Options of {@link startBackend}. */
export interface StartBackendOptions {
  /**
   * Where a browser fetches the backend's `.wasm` files: the folder's URL with a slash at its end, or a URL for each
   * file. Handed to tfjs' `setWasmPaths`. Node finds them by itself.
   */
  readonly wasmPaths?: Parameters<typeof setWasmPaths>[0];
}

/** One start for each engine: concurrent calls share it, since a second backend would lose its tensors. */
const starts = new WeakMap<object, Promise<BackendInfo>>();

/**
 * Starts TensorFlow.js' SIMD WebAssembly backend on one thread, makes it the current one and gives it the gradients
 * and kernels that training needs. Called again, it only makes the backend the current one; the options
 * of the first call count. A failed start may be tried again, though not with other `wasmPaths` once a file was not found:
 * tfjs takes them only before that.
 *
 * @throws Error where WebAssembly has no SIMD, where tfjs-core and the backend are of different versions, where the
 * backend already runs threaded, or where it doesn't start
 */
export async function startBackend(options: StartBackendOptions = {}): Promise<BackendInfo> {
  const key = engine();
  const start = starts.get(key) ?? firstStart(options);
  starts.set(key, start);
  try {
    const info = await start;
    if (getBackend() !== 'wasm') await makeCurrent();
    return info;
  } catch (error) {
    if (starts.get(key) === start) starts.delete(key);
    throw error;
  }
}

async function firstStart({ wasmPaths }: StartBackendOptions): Promise<BackendInfo> {
  checkVersions(version_core, version_wasm);
  await checkSimd();
  forbidThreads();
  if (wasmPaths !== undefined) setWasmPaths(wasmPaths);
  registerTraining();
  await makeCurrent();
  guardMemory(wasmBackend());
  return {
    name: 'wasm',
    simd: true,
    threads: 1,
    tfjsVersion: version_core,
    description: `wasm, SIMD, 1 thread, tfjs ${version_core}`,
  };
}

async function checkSimd(): Promise<void> {
  if ((await env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true) return;
  throw new Error(
    'startBackend: WebAssembly must have SIMD; this engine has none (WASM_HAS_SIMD_SUPPORT is false); ' +
      'use Node 20.19 or later, or a current browser',
  );
}

/** With threads tfjs loads another binary, whose tensors lie in shared memory; kernels here expect plain memory. */
function forbidThreads(): void {
  if ('wasm' in engine().registry && env().getFlags()[THREADS_FLAG] === true) {
    throw new Error(
      'startBackend: the wasm backend must run on one thread; it was started before with several; ' +
        "call startBackend before anything calls tf.setBackend('wasm') or tf.ready()",
    );
  }
  env().set(THREADS_FLAG, false);
}

async function makeCurrent(): Promise<void> {
  if (await setBackend('wasm')) return;
  throw new Error(
    'startBackend: the wasm backend must start; it did not, and tfjs has logged why; ' +
      'in a browser, check that wasmPaths leads to the .wasm files',
  );
}

/** @throws Error unless tfjs-core and its wasm backend are of one version, as tfjs requires */
export function checkVersions(core: string, backend: string): void {
  if (core === backend) return;
  throw new Error(
    `startBackend: @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm must be of one version; ` +
      `got ${core} and ${backend}; install the same version of both`,
  );
}
