// The products that a step executes, one by one, as tfjs' CPU backend is asked for them: it has no fused kernels.
import '@tensorflow/tfjs-backend-cpu';
import {
  profile,
  setBackend,
  tensor1d,
  tensor2d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { crossEntropy } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  defaultSettings,
  makeModel,
  modelConfigOf,
  presets,
  type ModelConfig,
  aboutSteps,
  examplesOf,
  prepareData,
  costOfRun,
  type ModelName,
  trainingCost,
  trainingFlop,
  type Settings,
} from '../src/index.js';
import { rowSizeOf } from '../src/models/index.js';

beforeAll(async () => {
  await startBackend(); // it registers gradients
  await setBackend('cpu');
});

const cases: readonly (readonly [ModelName, Partial<Settings>])[] = [
  ['bigram', {}],
  ['mlp', { contextSize: 5, dEmbed: 3, dHidden: 7, layers: 2 }],
  ['cnn', { contextSize: 8, dEmbed: 3, dHidden: 7 }],
  ['wavenet', { dHidden: 6, depth: 2, blocks: 2 }],
  ['gru', { contextSize: 6, dEmbed: 3, dHidden: 5, layers: 2 }],
  ['lstm', { contextSize: 6, dEmbed: 3, dHidden: 5, layers: 2 }],
  ['gpt', { contextSize: 6, dEmbed: 12, heads: 2, layers: 2 }],
  [
    'gpt',
    {
      contextSize: 6,
      dEmbed: 24,
      heads: 4,
      kvHeads: 2,
      layers: 2,
      activation: 'swiglu',
      positions: 'rotary',
      norm: 'rms',
      tiedHead: false,
      projections: 'separate',
      bias: 'none',
    },
  ],
  ['megabyte', { contextSize: 12, patchSize: 3, dEmbed: 6, heads: 2, layers: 2, localLayers: 1 }],
];

const [V, ROWS] = [11, 2];

describe.each(cases)('%s %o', (model, own) => {
  const settings: Settings = { ...defaultSettings, examples: 'blocks', model, ...own };
  const config = modelConfigOf(settings, V);

  it('counts the products that a step executes', async () => {
    const network = makeModel(config, Generator.seeded(1));
    const T = model === 'wavenet' ? 9 : network.contextSize;
    const trained = examplesOf(model).trained(network);
    const tokens = tensor2d(
      Int32Array.from({ length: ROWS * T }, (_, i) => 1 + ((i * 7) % (V - 1))),
      [ROWS, T],
      'int32',
    );
    const { kernels } = await profile(() =>
      tidy(() => {
        const loss = () => {
          const logits = trained.logits(tokens, 'training'); // [N, V]
          return crossEntropy(logits, tensor1d(new Int32Array(logits.shape[0]), 'int32'));
        };
        return variableGrads(loss).value;
      }),
    );
    network.dispose();
    tokens.dispose();

    const executed = { dense: 0, attention: 0 };
    for (const { name, inputShapes, outputShapes } of kernels) {
      if (name !== 'BatchMatMul') continue;
      const [a = [], b = []] = inputShapes;
      // of n products (m k) (k l): the sizes' product is n³ (m k l)²
      const flop = 2 * Math.sqrt((sizeOf(a) * sizeOf(b) * sizeOf(outputShapes[0])) / batchOf(a));
      // a square of all positions, of which each needs itself and those before it
      if (a.length > 2) executed.attention += (flop * (a[2] + 1)) / (2 * a[2]);
      else executed.dense += flop;
    }
    const rows = (ROWS * T) / rowSizeOf(config).tokens;
    const { layers, attention, head, all } = trainingFlop(config);
    expect(executed.dense).toBe(rows * (layers + head) - 2 * ROWS * notNeeded(config));
    expect(executed.attention).toBe(rows * attention);
    expect(all).toBe(layers + attention + head);
  });

  it('knows its tables', () => {
    const network = makeModel(config, Generator.seeded(1));
    let tables = 0;
    for (const [name, { size }] of network.namedParameters())
      if (/embed|wte|wpe|table|position/i.test(name)) tables += size;
    network.dispose();
    const { parameters, nonEmbedding } = trainingCost(settings, config, { steps: 1 });
    expect(parameters - nonEmbedding).toBe(tables);
  });
});

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Products in one call. */
const batchOf = (shape: readonly number[]): number => sizeOf(shape.slice(0, -2));

/** Multiplications of a row that a recurrent network leaves out: the gradient of its first states, which nothing asks for. */
const notNeeded = (config: ModelConfig): number =>
  config.type === 'gru' || config.type === 'lstm'
    ? (config.type === 'gru' ? 3 : 4) * config.dHidden ** 2 * config.layers
    : 0;

describe('a run', () => {
  it('costs its tokens, parameters and FLOP, by hand', () => {
    const settings: Settings = { ...defaultSettings, ...presets['shakespeare-char'] };
    const config = modelConfigOf(settings, 65);
    const cost = trainingCost(settings, config, { steps: 2000 });
    const [C, T, L, B] = [128, 64, 4, 12];
    const matrices = 12 * C * C * L + 65 * C; // of the blocks, and of the head, which is the embedding too
    expect(cost.parameters).toBe(matrices + T * C + (2 * L + 1) * C); // positions, and norms without bias
    expect(cost.nonEmbedding).toBe(12 * C * C * L + (2 * L + 1) * C);
    expect(cost.tokens).toBe(2000 * B * T);
    expect(cost.flop).toBe(6 * cost.tokens * (matrices + L * C * (T + 1)));
    // 6 N D has the positions and norms, which are in no product, and not attention
    expect(cost.flop / (6 * cost.parameters * cost.tokens)).toBeCloseTo(1.03, 2);
    expect(costOfRun(settings, 65).flopPerStep).toBe(cost.flop / 2000);
  });

  it('of epochs has about as many steps as its text has batches', async () => {
    const text = 'abcdefghij'.repeat(100);
    const loaded = { text, name: 'own.txt', characters: text.length, sha256: '0'.repeat(64) };
    const own = { examples: 'blocks', alphabet: 'auto', model: 'gpt', contextSize: 8 } as const;
    const settings: Settings = { ...defaultSettings, ...own, batchSize: 4, trainShare: 0.5 };
    const data = await prepareData(settings, loaded);
    expect(aboutSteps({ ...settings, epochs: 3 }, data)).toBe(Math.round((3 * 450) / 32));
    expect(aboutSteps({ ...settings, epochs: 0.001 }, data)).toBe(1);
    expect(aboutSteps(settings, data)).toBe(defaultSettings.maxSteps);
  });

  it('of windows learns a token a window', () => {
    const config = modelConfigOf(defaultSettings, 27);
    const cost = trainingCost(defaultSettings, config, { steps: 10 });
    expect(cost.tokens).toBe(10 * 32);
    expect(cost.flop).toBe(10 * 32 * 6 * (16 * 8 * 64 + 64 * 27));
  });
});
