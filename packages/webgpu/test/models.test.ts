// Whole runs on a GPU, step by step against the same on wasm: losses, and the bytes of a second time.
import { type RawSettings, resolveSettings, runTraining } from '@llm101/runs';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { compilerFor } from '../src/index.js';
import { hasNone, sharedGpu, smallerGpu } from './on-gpu.js';

beforeAll(() => startBackend());

/** A text that is validated soon. */
const text = 'emma\nava\nmia\nlily\nzoe\nella\nnora\nleah\nada\nanna\n'.repeat(8);
const names = { name: 'names', text, characters: text.length, sha256: '0'.repeat(64) };

/** Steps that are compared: software is slow. */
const STEPS = 6;

const SHORT = { maxSteps: STEPS, shards: 1, valInterval: 0, sampleInterval: 0, watchInterval: 0 };

/** The losses of a run's steps, and its weights' hash. */
async function train(
  flags: RawSettings,
  device: 'wasm' | 'webgpu',
  limits?: Readonly<Record<string, number>>,
): Promise<{ losses: number[]; hash: string }> {
  const losses: number[] = [];
  const shared = await sharedGpu();
  const gpu = limits === undefined ? shared : smallerGpu(shared, limits);
  const settings = resolveSettings({ flags: { ...SHORT, ...flags, device } });
  const { fingerprint } = await runTraining(settings, {
    compile,
    gpu: compilerFor(gpu),
    loadText: () => Promise.resolve(names),
    samples: 0,
    listeners: [(event) => event.type === 'step' && losses.push(event.batchLoss)],
  });
  return { losses, hash: JSON.stringify(fingerprint) };
}

const small = { batchSize: 4, dEmbed: 8, dHidden: 16, seed: 1 };
const windows = { ...small, contextSize: 8 };
const gpt = {
  batchSize: 4,
  dEmbed: 8,
  seed: 1,
  contextSize: 8,
  model: 'gpt',
  layers: 1,
  heads: 2,
  examples: 'blocks',
};
const adam = { optimizer: 'adamw', lr: 0.01, weightDecay: 0.1, clipNorm: 1 };

const runs: readonly (readonly [string, RawSettings])[] = [
  ['the lecture’s MLP, by SGD', { ...windows, model: 'mlp' }],
  ['its CNN, with momentum', { ...windows, model: 'cnn', momentum: 0.9 }],
  [
    'a WaveNet, by Adam',
    {
      dEmbed: 8,
      dHidden: 16,
      packedSize: 64,
      seed: 1,
      model: 'wavenet',
      examples: 'lines',
      optimizer: 'adam',
      lr: 0.01,
      dropout: 0.2,
    },
  ],
  ['a GRU, by AdamW, clipped', { ...small, ...adam, model: 'gru' }],
  ['an LSTM', { ...small, model: 'lstm' }],
  ['a GPT, by AdamW, clipped', { ...gpt, ...adam, decayMatrices: true }],
  [
    'a GPT with rotary positions, RMSNorm and dropout',
    { ...gpt, ...adam, positions: 'rotary', norm: 'rms', activation: 'swiglu', dropout: 0.1 },
  ],
];

describe.skipIf(hasNone).each(runs)('%s', (_, flags) => {
  it('has the losses that it has on wasm, and the same bytes a second time', async () => {
    const { losses } = await train(flags, 'wasm');
    const first = await train(flags, 'webgpu');
    expect(first.losses).toHaveLength(STEPS);
    for (const [i, loss] of losses.entries()) {
      expect(Math.abs(first.losses[i] - loss), `step ${i + 1}`).toBeLessThan(1e-5);
    }
    expect(await train(flags, 'webgpu')).toEqual(first);
  });
});

it.skipIf(hasNone)('an MLP is the same to the byte where it takes many small buffers', async () => {
  const flags = { ...windows, ...adam, model: 'mlp', batchSize: 64 };
  const limits = { maxStorageBufferBindingSize: 2 ** 14 };
  expect(await train(flags, 'webgpu', limits)).toEqual(await train(flags, 'webgpu'));
});
