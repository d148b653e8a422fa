// How much memory a run takes, before it takes it.
import { expect, it } from 'vitest';
import { bytesOfStep, flagOf, modelKinds, modelNames } from '../src/index.js';
import { sizeFlags } from '../src/models/index.js';

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
    const bytes = bytesOfStep({ config: { type, ...V, contextSize, dEmbed, dHidden }, rows });
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

it('estimates what shards and micro-batches take more, for their gradients', () => {
  const sizes = { vocabSize: 27, contextSize: 16, dEmbed: 8, dHidden: 60_000 };
  for (const [shards, accumulate, measured] of [
    [2, 1, 338e6],
    [4, 1, 487e6],
    [2, 2, 450e6],
    [1, 4, 375e6],
  ] as const) {
    const rows = Math.ceil(4 / (shards * accumulate));
    const bytes = bytesOfStep({ config: { type: 'mlp', ...sizes }, rows, shards, accumulate });
    expect(bytes, `${shards} shards`).toBeGreaterThan(0.98 * measured);
    expect(bytes, `${shards} shards`).toBeLessThan(1.35 * measured);
  }
});

it.each(modelNames)('advises only flags that %s reads', (type) => {
  const read = Object.keys(modelKinds[type].reads).map(flagOf);
  const flags = sizeFlags(type).match(/--[a-z-]+/g) ?? [];
  expect(flags.length).toBeGreaterThan(2);
  for (const flag of flags) expect(read).toContain(flag);
});
