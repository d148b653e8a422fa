// How much memory a run takes, before it takes it.
import { Generator } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import {
  bytesOfStep,
  costOfRun,
  makeModel,
  modelKinds,
  modelNames,
  type ModelConfig,
  resolveSettings,
  UserError,
} from '../src/index.js';
import { checkMemory } from '../src/memory.js';
import {
  BATCH_SIZES,
  MODEL_SIZES,
  parameterCount,
  parseModelConfig,
  sizesRead,
} from '../src/models/index.js';

/** A config with what isn't said as it is where a file doesn't say it. */
function modelConfig(json: object): ModelConfig {
  const config = parseModelConfig(json);
  if (config === undefined) throw new Error(`no config: ${JSON.stringify(json)}`);
  return config;
}

it('estimates what was measured: the peak of a recorded step, in bytes', () => {
  const V = { vocabSize: 27 };
  for (const [type, contextSize, dEmbed, dHidden, rows, measured] of [
    ['mlp', 16, 8, 30_000, 4, 78e6],
    ['mlp', 16, 8, 2000, 4000, 303e6],
    ['mlp', 16, 256, 2, 4000, 334e6],
    ['mlp', 2, 2, 2, 200_000, 335e6],
    ['cnn', 16, 8, 1500, 2, 273e6],
    ['cnn', 64, 4, 128, 1000, 299e6],
    ['cnn', 64, 256, 4, 1000, 338e6],
  ] as const) {
    const config = modelConfig({ type, ...V, contextSize, dEmbed, dHidden });
    const bytes = bytesOfStep({ config, rows });
    // not less, and not so much more that runs which fit would be refused
    expect(bytes, `${type} ${contextSize}`).toBeGreaterThan(0.98 * measured);
    expect(bytes, `${type} ${contextSize}`).toBeLessThan(1.35 * measured);
  }
});

it('estimates that of a WaveNet too, a row for each position', () => {
  for (const [channels, depth, blocks, layerNorm, rows, measured] of [
    [64, 4, 2, true, 2048, 170e6],
    [64, 4, 1, false, 4096, 155e6],
    [16, 5, 3, true, 4096, 158e6],
    [256, 3, 1, false, 256, 46e6],
  ] as const) {
    const sizes = {
      vocabSize: 27,
      channels,
      depth,
      blocks,
      layerNorm,
      dropout: 0,
      separated: true,
    };
    const bytes = bytesOfStep({ config: { type: 'wavenet', ...sizes }, rows });
    expect(bytes, `${channels} channels`).toBeGreaterThan(measured);
    expect(bytes, `${channels} channels`).toBeLessThan(1.35 * measured);
  }
});

it('estimates that of deep MLPs and recurrent networks', () => {
  const sizes = { vocabSize: 27, contextSize: 16, dEmbed: 8, dropout: 0 };
  const deep = { type: 'mlp', ...sizes, dHidden: [500, 500, 500, 500] };
  const cell = { ...sizes, separated: true };
  const measured: [config: object, rows: number, bytes: number][] = [
    [{ ...deep, activation: 'tanh' }, 4000, 354e6],
    [{ ...deep, activation: 'gelu', batchNorm: true, residual: true }, 4000, 1026e6],
    [{ ...deep, layerNorm: true, dropout: 0.2 }, 4000, 451e6],
    [{ type: 'gru', ...cell, dHidden: 128, layers: 1 }, 128 * 16, 78e6],
    [{ type: 'gru', ...cell, dHidden: 64, layers: 3, dropout: 0.1 }, 64 * 64, 231e6],
    [{ type: 'lstm', ...cell, dHidden: 128, layers: 1 }, 128 * 16, 126e6],
    [{ type: 'lstm', ...cell, dEmbed: 128, dHidden: 64, layers: 2, dropout: 0.1 }, 64 * 64, 271e6],
  ];
  for (const [config, rows, bytes] of measured) {
    const estimate = bytesOfStep({ config: modelConfig(config), rows });
    expect(estimate, JSON.stringify(config)).toBeGreaterThan(0.98 * bytes);
    expect(estimate, JSON.stringify(config)).toBeLessThan(1.35 * bytes);
  }
});

it('estimates what shards and micro-batches take more, for their gradients', () => {
  const sizes = { vocabSize: 27, contextSize: 16, dEmbed: 8, dHidden: 60_000 };
  for (const [shards, accumulate, measured] of [
    [2, 1, 338e6],
    [4, 1, 487e6],
    [2, 2, 450e6],
    [1, 4, 375e6],
  ] as const) {
    const rows = Math.ceil(4 / (shards * accumulate));
    const config = modelConfig({ type: 'mlp', ...sizes });
    const bytes = bytesOfStep({ config, rows, shards, accumulate });
    expect(bytes, `${shards} shards`).toBeGreaterThan(0.98 * measured);
    expect(bytes, `${shards} shards`).toBeLessThan(1.35 * measured);
  }
});

it('a mean of the weights takes as much as they do', () => {
  const sizes = { vocabSize: 27, contextSize: 16, dEmbed: 8, dHidden: 60_000 };
  const config = modelConfig({ type: 'mlp', ...sizes });
  const [more, less] = [true, false].map((isAveraged) =>
    bytesOfStep({ config, rows: 4, isAveraged }),
  );
  expect(more - less).toBe(4 * parameterCount(config)); // as measured
});

it('a run on a GPU has only weights here', () => {
  const sizes = { contextSize: 256, layers: 6, heads: 6, batchSize: 64, dropout: 0.2, shards: 1 };
  const problemsOn = (device: string, dEmbed: number): string[] => {
    const flags = { model: 'gpt', examples: 'blocks', ...sizes, dEmbed, device };
    return costOfRun(resolveSettings({ flags }), 65).problems.map(({ message }) => message);
  };
  expect(problemsOn('wasm', 384)).toEqual([
    expect.stringContaining('fit into the memory of WebAssembly'),
  ]);
  expect(problemsOn('webgpu', 384)).toEqual([]);
  expect(problemsOn('auto', 384)).toEqual([]);
  expect(problemsOn('webgpu', 6144)).toEqual([expect.stringContaining('lower --d-embed')]);
});

describe.each(['lines', 'blocks'] as const)('under %s', (examples) => {
  it.each(modelNames)('advises only flags that %s reads', (type) => {
    const read = Object.entries(modelKinds[type].reads)
      .filter(([, when]) => when === true || when === examples)
      .map(([key]) => key);
    const sizes = sizesRead(type, [...BATCH_SIZES, ...MODEL_SIZES], examples);
    expect(sizes.length).toBeGreaterThan(1);
    for (const key of sizes) expect(read).toContain(key);
  });
});

it('advises what would help', () => {
  const advised = (json: object, rows = 32): string => {
    try {
      checkMemory({ config: modelConfig(json), rows, examples: 'lines' });
    } catch (error) {
      return error instanceof UserError ? (error.message.split('GB; ')[1] ?? '') : String(error);
    }
    return 'nothing';
  };
  const bigram = { type: 'bigram', vocabSize: 40_000, separated: true };
  expect(advised(bigram)).toBe('take fewer tokens than 40,000, by --tokenizer bytes or bpe');
  const mlp = { type: 'mlp', contextSize: 16, dEmbed: 8, dHidden: 64, vocabSize: 60_000 };
  expect(advised(mlp, 4096)).toBe(
    'take fewer tokens than 60,000, by --tokenizer bytes or bpe, or lower --batch-size, --d-hidden, --d-embed, --context-size or --layers, ' +
      'or train with a larger --accumulate',
  );
  expect(advised({ ...mlp, vocabSize: 27, dHidden: 4_000_000 })).toBe(
    'lower --d-hidden, --d-embed, --context-size or --layers',
  );
  const many = modelConfig({ ...bigram, vocabSize: 10_100 });
  expect(() => makeModel(many, Generator.seeded(1))).toThrow(
    'parameters to fit into memory; it would have 102,010,000; take fewer tokens than 10,100, by --tokenizer bytes or bpe',
  );
});
