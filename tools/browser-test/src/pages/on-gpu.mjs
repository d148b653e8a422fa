// What a page does on a GPU, beside the same on wasm. The backend must be running.
import { resolveSettings, runTraining } from '@llm101/runs';
import { indexedDbStore } from '@llm101/training';
import { compile } from '@llm101/wasm';
import { compilerFor, openGpu } from '@llm101/webgpu';
import { add, mul, tensor1d, tensor2d, transpose, variable } from '@tensorflow/tfjs-core';

/** @import { RawSettings } from '@llm101/runs' */
/** @import { TrainingListener } from '@llm101/training' */
/** @import { Gpu } from '@llm101/webgpu' */

/**
 * @typedef {object} RunOnGpu
 * @property {string} kind
 * @property {number} apart - the largest difference of a loss from wasm's
 * @property {boolean} isSame - whether a second time gave the same bytes
 */

const text = 'emma\nava\nmia\nlily\nzoe\nella\nnora\nleah\nada\nanna\n'.repeat(8);
const names = { name: 'names', text, characters: text.length, sha256: '0'.repeat(64) };
const bare = { shards: 1, valInterval: 0, sampleInterval: 0, watchInterval: 0 };
const small = { dEmbed: 8, dHidden: 16, contextSize: 8, batchSize: 4 };
const adam = { optimizer: 'adamw', lr: 0.01, clipNorm: 1 };

/** @type {Readonly<Record<string, RawSettings>>} */
const KINDS = {
  mlp: { ...small, model: 'mlp' },
  cnn: { ...small, model: 'cnn' },
  wavenet: { ...adam, model: 'wavenet', dHidden: 8, depth: 2, dropout: 0.2, packedSize: 32 },
  gru: { ...small, ...adam, model: 'gru' },
  gpt: {
    ...adam,
    model: 'gpt',
    examples: 'blocks',
    layers: 1,
    heads: 2,
    dEmbed: 8,
    contextSize: 8,
  },
};

/**
 * @param {RawSettings} flags
 * @param {Gpu} gpu
 * @param {Partial<Parameters<typeof runTraining>[1]>} [options]
 */
async function train(flags, gpu, options = {}) {
  /** @type {number[]} */
  const losses = [];
  const { fingerprint } = await runTraining(resolveSettings({ flags: { ...bare, ...flags } }), {
    compile,
    gpu: compilerFor(gpu),
    loadText: () => Promise.resolve(names),
    samples: 0,
    ...options,
    listeners: [
      ...(options.listeners ?? []),
      (event) => event.type === 'step' && losses.push(event.batchLoss),
    ],
  });
  return { losses, hash: JSON.stringify(fingerprint) };
}

/**
 * The first steps of each kind of model.
 *
 * @returns {Promise<{ description: string, runs: RunOnGpu[] }>}
 */
export async function runsOnGpu() {
  const gpu = await openGpu();
  const runs = [];
  for (const [kind, flags] of Object.entries(KINDS)) {
    const short = { ...flags, maxSteps: 5 };
    const here = await train({ ...short, device: 'wasm' }, gpu);
    const there = await train({ ...short, device: 'webgpu' }, gpu);
    const again = await train({ ...short, device: 'webgpu' }, gpu);
    const differences = there.losses.map((loss, i) => Math.abs(loss - here.losses[i]));
    const apart = differences.reduce((a, b) => Math.max(a, b), 0);
    runs.push({ kind, apart, isSame: JSON.stringify(there) === JSON.stringify(again) });
  }
  gpu.dispose();
  return { description: gpu.description, runs };
}

/**
 * A run whose GPU is taken from it, which goes on from its checkpoint on wasm.
 *
 * @param {string} database - of its checkpoints
 * @returns {Promise<{ error: string, resumedAt: number, apart: number }>} the last loss' difference from that of a run on wasm
 */
export async function lostAndResumed(database) {
  const flags = { ...KINDS['mlp'], maxSteps: 60, checkpointInterval: 20 };
  const gpu = await openGpu();
  let error = 'none';
  /** @type {TrainingListener} */
  const lose = (event) => {
    if (event.type === 'step' && event.step === 50) gpu.device.destroy();
  };
  try {
    const options = { store: indexedDbStore(database), listeners: [lose] };
    await train({ ...flags, device: 'webgpu' }, gpu, options);
  } catch (cause) {
    error = cause instanceof Error ? cause.message : String(cause);
  }
  /** @type {number[]} */
  const steps = [];
  const resumed = await train({ ...flags, device: 'wasm' }, gpu, {
    store: indexedDbStore(database),
    listeners: [(event) => event.type === 'step' && steps.push(event.step)],
  });
  const whole = await train({ ...flags, device: 'wasm' }, gpu);
  const apart = Math.abs((resumed.losses.at(-1) ?? NaN) - (whole.losses.at(-1) ?? NaN));
  return { error, resumedAt: steps[0] - 1, apart };
}

/**
 * A thousand calls of a step, four at a time.
 *
 * @returns {Promise<{ made: number, sum: number }>} how many buffers were made after the first, and what all calls have added up
 */
export async function thousandSteps() {
  const gpu = await openGpu();
  let made = 0;
  const create = gpu.device.createBuffer.bind(gpu.device);
  gpu.device.createBuffer = (descriptor) => {
    made += 1;
    return create(descriptor);
  };
  const total = variable(tensor1d([0, 0, 0]));
  const step = compilerFor(gpu)((/** @type {import('@tensorflow/tfjs-core').Tensor1D} */ x) => {
    total.assign(add(total, x));
    return mul(total, 2);
  });
  await step.readLater(tensor1d([1, 2, 3]));
  made = 0;
  const ones = tensor1d([1, 1, 1]);
  for (let i = 0; i < 1000; i += 4) {
    await Promise.all([0, 1, 2, 3].map(() => step.readLater(ones)));
  }
  const madeInAll = made;
  await step.sync();
  const [sum] = total.dataSync();
  step.dispose();
  gpu.dispose();
  return { made: madeInAll, sum };
}

/**
 * A step that is too large for what every adapter has.
 *
 * @returns {Promise<string>} the error
 */
export async function tooLarge() {
  const gpu = await openGpu({ limits: {} });
  const step = compilerFor(gpu)((/** @type {import('@tensorflow/tfjs-core').Tensor2D} */ x) =>
    add(x, transpose(x)),
  );
  try {
    await step.readLater(tensor2d(new Float32Array(6400), [6400, 1]));
    return 'none';
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } finally {
    gpu.dispose();
  }
}
