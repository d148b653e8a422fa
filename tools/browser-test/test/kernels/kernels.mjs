// A page that tries every kernel of the table on a GPU.
import { startBackend } from '@llm101/wasm';
import { compilerFor, openGpu } from '@llm101/webgpu';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { problemsOf, rows } from '../../../../packages/webgpu/test/kernel-table.js';

/** @returns {Promise<{ count: number, problems: string[] }>} how many rows there are, and where values differ from scalar twins */
async function tryKernels() {
  await startBackend({ wasmPaths: simdUrl });
  const gpu = await openGpu();
  const compiler = compilerFor(gpu);
  const problems = [];
  let count = 0;
  for (const [name, own] of Object.entries(rows)) {
    for (const row of own) {
      for (const problem of await problemsOf(compiler, name, row, { gradients: false })) {
        problems.push(`${name}: ${problem}`);
      }
      count += 1;
    }
  }
  gpu.dispose();
  return { count, problems };
}

Object.assign(globalThis, { onPage: tryKernels });
document.title = 'ready';
