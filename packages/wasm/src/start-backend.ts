import { engine, env, getBackend, setBackend, version_core } from '@tensorflow/tfjs-core';
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { loadBinaries } from './kernels/kernel-binaries.js';
import { guardMemory, wasmBackend } from './kernels/wasm-memory.js';
import { registerTraining } from './register-training.js';
import { binaryPaths, checkWebAssembly, whyBinaryFails } from './wasm-binary.js';
import type { BinaryName, BinaryPaths } from './wasm-binary.js';

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
   * Where a browser fetches `tfjs-backend-wasm-simd.wasm`, the only one of the backend's files that is used: the file's
   * URL, which ends in `.wasm`; that of its folder, with a slash at the end; or an object with the file's name and URL.
   * Node finds it by itself.
   */
  readonly wasmPaths?: string | Readonly<Partial<Record<BinaryName, string>>>;
  /**
   * Whether to load the kernels with relaxed SIMD too, which `compile(step, { relaxedSimd: true })` takes: a file of their own in a
   * bundle. A later call may ask for them. Default: false.
   */
  readonly relaxedSimd?: boolean;
}

/** One start for each engine: concurrent calls share it, since a second backend would lose its tensors. */
const starts = new WeakMap<object, Promise<BackendInfo>>();

/**
 * Starts TensorFlow.js' SIMD WebAssembly backend on one thread, makes it the current one and gives it the gradients
 * and kernels that training needs. Called again, it only makes the backend the current one; the `wasmPaths`
 * of the first call count. A failed start may be tried again, though not with other `wasmPaths` once a file was not found:
 * tfjs takes them only before that.
 *
 * @throws Error where WebAssembly is missing, forbidden by the page's Content-Security-Policy, or has no SIMD, where tfjs-core and the backend are of different versions, where the
 * backend already runs threaded, or where it doesn't start
 */
export async function startBackend({
  wasmPaths,
  relaxedSimd = false,
}: StartBackendOptions = {}): Promise<BackendInfo> {
  const key = engine();
  const start = starts.get(key) ?? firstStart(wasmPaths);
  starts.set(key, start);
  try {
    const info = await start;
    await loadBinaries({ relaxedSimd });
    if (getBackend() !== 'wasm') await makeCurrent();
    return info;
  } catch (error) {
    if (starts.get(key) === start) starts.delete(key);
    throw error;
  }
}

async function firstStart(wasmPaths: StartBackendOptions['wasmPaths']): Promise<BackendInfo> {
  checkVersions(version_core, version_wasm);
  const paths = wasmPaths === undefined ? undefined : binaryPaths(wasmPaths);
  await checkWebAssembly();
  await checkSimd();
  forbidThreads();
  if (paths !== undefined) setWasmPaths(paths);
  registerTraining();
  await makeCurrent(paths);
  forgetRethrowing();
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

/** @param paths - what the caller gave, to find out what is wrong with it */
async function makeCurrent(paths?: BinaryPaths): Promise<void> {
  if (await setBackend('wasm')) return;
  throw new Error(
    `startBackend: the wasm backend must start; it did not, and tfjs has logged why; ${await whyBinaryFails(paths)}`,
  );
}

/**
 * In Node the backend listens for errors that nobody caught, only to throw them again from its own file, whose one line
 * Node then prints, all 38 kB of it. Without these listeners Node shows where the error came from.
 */
function forgetRethrowing(): void {
  const { process: node } = globalThis as { readonly process?: Partial<Listened> };
  if (node?.listeners === undefined || node.off === undefined) return;
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    for (const listener of node.listeners(event)) {
      if (ONLY_RETHROWS.test(String(listener))) node.off(event, listener);
    }
  }
}

/** The two functions that Emscripten writes, minified or not. */
const ONLY_RETHROWS =
  /^function ?\(([\w$]+)\) ?\{\s*(?:if ?\(!\(\1 instanceof [\w$]+\)\))? ?\{?\s*throw \1;?\s*\}?\s*\}$/;

/** What Node's `process` has. */
interface Listened {
  listeners(event: string): Listener[];
  off(event: string, listener: Listener): unknown;
}

type Listener = (...args: unknown[]) => void;

/** @throws Error unless tfjs-core and its wasm backend are of one version, as tfjs requires */
export function checkVersions(core: string, backend: string): void {
  if (core === backend) return;
  throw new Error(
    `startBackend: @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm must be of one version; ` +
      `got ${core} and ${backend}; install the same version of both`,
  );
}
