// How many shards and threads a run takes where its settings leave them open.
import { describe, expect, it } from 'vitest';
import { availableCores, chooseShards, chooseWorkers, workersOf } from '../src/cores.js';
import {
  defaultSettings,
  modelConfigOf,
  modelKinds,
  presets,
  type Settings,
  settingsSchema,
} from '../src/index.js';
import { multiplicationsOf, parameterCount } from '../src/models/index.js';

/** The shards of settings that leave them open. */
function chosen(own: Partial<Settings>, cores: number): number {
  const settings: Settings = settingsSchema.parse({ ...defaultSettings, ...own, shards: 'auto' });
  const { examples } = modelKinds[settings.model];
  const rows = settings[examples.rowsSetting(settings)];
  const computed = settings.model === 'wavenet' ? rows * settings.packedSize : rows;
  return chooseShards(settings, { config: modelConfigOf(settings, 27), rows, computed }, cores);
}

describe('shards', () => {
  it.each<[string, Partial<Settings>, number[]]>([
    ['the lecture’s MLP', {}, [1, 1, 1]],
    ['its CNN', { model: 'cnn' }, [1, 2, 2]],
    ['the MLP at a batch of 1,024', { batchSize: 1024 }, [1, 2, 10]],
    ['a WaveNet, whose batch is one row', { ...presets.wavenet, packedRows: 1 }, [1, 1, 1]],
    ['that in two rows', { ...presets.wavenet, packedRows: 2, packedSize: 256 }, [1, 2, 2]],
    ['that in 64 rows', { ...presets.wavenet, packedRows: 64 }, [1, 2, 64]],
    ['a large model on few rows', { dHidden: 20_000, batchSize: 8 }, [1, 1, 1]],
  ])('of %s', (_, own, expected) => {
    expect([1, 2, 64].map((cores) => chosen(own, cores))).toEqual(expected);
  });
  it('leave each micro-batch a row', () => {
    expect(chosen({ batchSize: 1024, accumulate: 256 }, 64)).toBe(4);
  });
  it('are those of the settings where these say it', () => {
    const config = modelConfigOf(defaultSettings, 27);
    const sizes = { config, rows: 32, computed: 32 };
    expect(chooseShards({ shards: 7, accumulate: 1 }, sizes, 2)).toBe(7);
  });
});

describe('multiplications', () => {
  // each parameter of a product is multiplied once a row, of a convolution once a column
  it('of an MLP are its weights but for the embedding and biases', () => {
    const config = modelConfigOf(defaultSettings, 27);
    expect(multiplicationsOf(config)).toBe(parameterCount(config) - 27 * 8 - 64 - 27);
  });
  it('of a CNN of one layer are those of an MLP', () => {
    const sizes = { ...defaultSettings, contextSize: 2 };
    const [mlp, cnn] = (['mlp', 'cnn'] as const).map((model) =>
      multiplicationsOf(modelConfigOf({ ...sizes, model }, 27)),
    );
    expect(cnn).toBe(mlp);
  });
  it('of a CNN are those of its layers, a column at a time', () => {
    const config = modelConfigOf({ ...defaultSettings, model: 'cnn' }, 27);
    expect(multiplicationsOf(config)).toBe(8 * 2 * 8 * 64 + (4 + 2 + 1) * 2 * 64 * 64 + 64 * 27);
  });
  it('of a position of a WaveNet are its weights', () => {
    const settings: Settings = { ...defaultSettings, model: 'wavenet', depth: 3, blocks: 2 };
    const config = modelConfigOf(settings, 27);
    const [C, V, L] = [64, 27, 6];
    const biases = L * (2 * C + C) + (L - 1) * C + C + V;
    expect(multiplicationsOf(config)).toBe(parameterCount(config) - V * C - biases);
  });
});

describe('threads', () => {
  it('are no more than shards, nor, left open, than cores', () => {
    expect(workersOf({ workers: 'auto', shards: 4 }, 2)).toBe(2);
    expect(workersOf({ workers: 'auto', shards: 1 }, 8)).toBe(1);
    expect(workersOf({ workers: 3, shards: 4 }, 2)).toBe(3);
    expect(workersOf({ workers: 3, shards: 2 }, 8)).toBe(2);
  });
  it('of an evaluation are as many as are worth their start', () => {
    expect(chooseWorkers('auto', 1e8, 8)).toBe(1); // the lecture's MLP on its validation names
    expect(chooseWorkers('auto', 5e9, 8)).toBe(2);
    expect(chooseWorkers('auto', 1e12, 8)).toBe(8);
    expect(chooseWorkers(3, 1, 1)).toBe(3);
  });
  it('can be at least one', () => {
    expect(availableCores()).toBeGreaterThan(0);
    expect(Number.isInteger(availableCores())).toBe(true);
  });
});
