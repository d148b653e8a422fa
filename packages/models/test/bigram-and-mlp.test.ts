// The table of pairs beside its figures, which networks.test.ts has; and depths of the MLP.
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { Bigram, countBigrams, describe as describeModel, MLP, sample } from '../src/index.js';
import type { MLPSizes } from '../src/index.js';

beforeAll(() => startBackend());

describe('Bigram', () => {
  // .ab.aab. with a = 1, b = 2
  const counts = countBigrams([0, 1, 2, 0, 1, 1, 2, 0], 3);

  it('counts what follows what', () => {
    expect([...counts]).toEqual([0, 2, 0, 0, 1, 2, 2, 0, 0]);
  });
  it('has the fractions of the counts as probabilities', () => {
    const model = Bigram.fromCounts(counts);
    const scores = tidy(() => model.logits(tensor2d([0, 1, 2], [3, 1], 'int32')).dataSync());
    // One rounding of the logarithm to float32.
    expectClose(Array.from(scores, Math.exp), [0, 1, 0, 0, 1 / 3, 2 / 3, 1, 0, 0], {
      absolute: 1e-7,
    });
    model.dispose();
  });
  it('draws nothing that has not occurred', () => {
    const model = Bigram.fromCounts(counts);
    const drawn = sample(model, { count: 20, generator: Generator.seeded(101) });
    for (const tokens of drawn) expect(tokens.join('')).toMatch(/^1+2$/);
    model.dispose();
  });
  it('smooths, and knows nothing of what nothing follows', () => {
    const [smooth, bare] = [Bigram.fromCounts([1, 3, 0, 0], 1), Bigram.fromCounts([1, 3, 0, 0])];
    const read = (model: Bigram): number[] => Array.from(model.table.weight.dataSync(), Math.exp);
    expectClose(read(smooth), [2 / 6, 4 / 6, 0.5, 0.5], { absolute: 1e-7 });
    expectClose(read(bare), [0.25, 0.75, 0.5, 0.5], { absolute: 1e-7 });
    smooth.dispose();
    bare.dispose();
  });
  it('scores the last token of a row, and each of a sequence', () => {
    const model = new Bigram({ vocabSize: 4 }, Generator.seeded(101));
    const rows = tensor2d([0, 3, 1, 2], [2, 2], 'int32');
    const [each, last] = tidy(() => [
      model.sequenceLogits(rows).dataSync(),
      model.logits(rows).dataSync(),
    ]);
    expect([...last]).toEqual([...each.slice(4, 8), ...each.slice(12, 16)]);
  });
  it('leaves no tensor behind', async () => {
    await expectNoLeak(() => Bigram.fromCounts(counts).dispose());
  });
  it.each([
    [() => countBigrams([0, 3], 3), 'countBigrams: tokens must be from 0 to 2; got 3 at 1'],
    [() => Bigram.fromCounts([1, 2, 3]), 'a table of V rows and V columns; got 3'],
    [() => Bigram.fromCounts([1, -1, 0, 1]), 'finite and not negative; got -1 for 1 after 0'],
  ])('%o throws', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('MLP', () => {
  const sizes = { vocabSize: 5, contextSize: 3, dEmbed: 2, dHidden: [4, 6] };
  const make = (more: Partial<MLPSizes> = {}): MLP =>
    new MLP({ ...sizes, ...more }, Generator.seeded(101));

  it('numbers its layers, and what stands beside them', () => {
    expect(describeModel(make({ batchNorm: true, dropout: 0.5, bias: false }))).toBe(
      [
        'MLP(',
        '  (embedding): Embedding(5, 2)',
        '  (linear1): Linear(in_features=6, out_features=4, bias=False)',
        '  (norm1): BatchNorm1d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)',
        '  (dropout1): Dropout(p=0.5, inplace=False)',
        '  (linear2): Linear(in_features=4, out_features=6, bias=False)',
        '  (norm2): BatchNorm1d(6, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)',
        '  (dropout2): Dropout(p=0.5, inplace=False)',
        '  (linear3): Linear(in_features=6, out_features=5, bias=False)',
        ')',
        'Number of parameters: 108',
      ].join('\n'),
    );
  });
  it('is one of one layer where that is all there is', () => {
    const state = (model: MLP): number[] =>
      model.parameters().flatMap((parameter) => Array.from(parameter.dataSync()));
    expect(state(make({ dHidden: [4] }))).toEqual(state(make({ dHidden: 4 })));
  });
  it('uses the statistics of the batch in training, the running ones in evaluation', () => {
    const model = make({ batchNorm: true });
    const tokens = tensor2d([0, 1, 2, 3, 4, 0, 2, 2, 1], [3, 3], 'int32');
    const run = (mode?: 'training'): Float32Array =>
      tidy(() => model.logits(tokens, mode).dataSync<'float32'>());
    const before = run();
    expect(run('training')).not.toEqual(before);
    expect(run()).not.toEqual(before);
    const alone = tidy(() => model.logits(tensor2d([0, 1, 2], [1, 3], 'int32')).dataSync());
    expectClose(alone, run().subarray(0, 5), { absolute: 1e-6 });
  });
  it('drops values in training only', () => {
    const tokens = tensor2d([0, 1, 2], [1, 3], 'int32');
    const run = (model: MLP, mode?: 'training'): Float32Array =>
      tidy(() => model.logits(tokens, mode).dataSync<'float32'>());
    const model = make({ dropout: 0.5 });
    expect(run(model)).toEqual(run(make()));
    expect(run(model, 'training')).not.toEqual(run(model));
    expect([...model.namedCounters().keys()]).toEqual(['dropout1.counter', 'dropout2.counter']);
  });
  it.each<[Partial<MLPSizes>, string]>([
    [{ activation: 'swish' as never }, 'MLP: activation must be relu or tanh or'],
    [{ init: 'he' as never }, 'MLP: init must be pytorch or randn or kaiming or xavier; got he'],
    [{ dHidden: [] }, 'MLP: dHidden must have the units of at least 1 layer; got []'],
    [{ dHidden: [4, 0] }, 'MLP: dHidden must be a whole number of at least 1; got 0'],
    [{ batchNorm: true, layerNorm: true }, 'normalised in one way; got batchNorm and layerNorm'],
    [{ dropout: 1 }, 'Dropout: rate must be from 0 to below 1; got 1'],
  ])('refuses %o', (more, message) => {
    expect(() => make(more)).toThrow(message);
  });
});
