import { stepOf } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { compilerFor, openGpu } from '@llm101/webgpu';
import { median } from '../figures.mjs';
import { KernelClock, withTimestamps } from './kernel-clock.mjs';
import { makeTask, splitBatches, withoutDropout } from './tfjs-task.mjs';
import { provideWebGpu } from './web-gpu.mjs';

/** Losses that may be under way, as in `train`. */
const AHEAD = 4;

/**
 * As `train` runs it on a GPU: recorded and replayed, batches are copied in and each loss is read, some steps later.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
export async function start(start) {
  await startBackend();
  const gpu = await openGpu({ gpu: withTimestamps(await provideWebGpu()) });
  const compile = compilerFor(gpu);
  const batches = splitBatches(start.batches).map(({ size, contextSize, inputs, targets }) => ({
    inputs: { values: inputs, shape: [size, contextSize] },
    targets: { values: targets, shape: [targets.length] },
  }));
  const stepper = (/** @type {import('../workload-file.mjs').Start} */ from) => {
    const { model, optimizer } = makeTask(from);
    return compile(stepOf(model, optimizer), { rehearse: 'sometimes' });
  };
  const compared = withoutDropout(start);
  const compiled = stepper(start);
  const comparable = compared === start ? compiled : stepper(compared);
  /** @type {(step: typeof compiled, batch: number) => Promise<number>} */
  const lossOf = async (step, batch) => {
    const { inputs, targets } = batches[batch];
    return (await step.readLater(inputs, targets))[0];
  };
  /** @type {Promise<number>[]} */
  const underWay = [];
  return {
    what: `${gpu.description}, Node ${process.versions.node}`,
    step(batch) {
      underWay.push(lossOf(compiled, batch));
      return underWay.length > AHEAD ? underWay.shift() : undefined;
    },
    loss: (batch) => lossOf(comparable, batch),
    finish: () => Promise.all(underWay.splice(0)),
    async split(seconds) {
      const clock = new KernelClock(gpu.device);
      /** @type {import('../serve.mjs').StepTimes[]} */
      const times = [];
      const begin = performance.now();
      while (times.length < 3 || performance.now() - begin < seconds * 1000) {
        const { inputs, targets } = batches[times.length % batches.length];
        const called = performance.now();
        const answer = clock.watch(() => compiled.readLater(inputs, targets));
        const submitted = performance.now();
        await gpu.device.queue.onSubmittedWorkDone();
        const done = performance.now();
        await answer;
        const read = performance.now();
        times.push({
          encodeMs: submitted - called,
          queueMs: done - submitted,
          kernelsMs: await clock.milliseconds(),
          waitMs: read - done,
        });
      }
      clock.dispose();
      return { ...medians(times), dispatches: compiled.program?.dispatches ?? 0 };
    },
  };
}

/**
 * @param {readonly import('../serve.mjs').StepTimes[]} times
 * @returns {import('../serve.mjs').StepTimes}
 */
function medians(times) {
  const kernels = times.flatMap(({ kernelsMs }) => kernelsMs ?? []);
  return {
    encodeMs: median(times.map(({ encodeMs }) => encodeMs)),
    queueMs: median(times.map(({ queueMs }) => queueMs)),
    kernelsMs: kernels.length === 0 ? undefined : median(kernels),
    waitMs: median(times.map(({ waitMs }) => waitMs)),
  };
}
