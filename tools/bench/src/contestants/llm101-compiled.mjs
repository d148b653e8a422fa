import { startBackend } from '@llm101/wasm';
import { compileStep } from './compile-step.mjs';
import { loadTensors, makeTask } from './tfjs-task.mjs';

/**
 * Ours, recorded and replayed, from preloaded tensors.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Promise<import('../serve.mjs').Runner | import('../serve.mjs').Absent>}
 */
export async function start(start) {
  const { tfjsVersion } = await startBackend();
  const step = await compileStep(makeTask(start));
  if (step === undefined) return { absent: '@llm101/wasm has no compile yet' };
  const batches = loadTensors(start.batches);
  return {
    what: `on tfjs ${tfjsVersion}, Node ${process.versions.node}`,
    step(batch) {
      step(batches[batch].inputs, batches[batch].targets).dispose();
    },
    loss(batch) {
      const loss = step(batches[batch].inputs, batches[batch].targets);
      const [value] = loss.dataSync();
      loss.dispose();
      return value;
    },
  };
}
