// Models and `compile` don't know of each other; here they meet.
import { getKernel, mean, square, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { CharTokenizer, SequenceDataset, SequenceLoader } from '@llm101/data';
import { BatchNorm1d, DilatedConv1d, WaveNet, type WaveNetSizes } from '@llm101/models';
import { Generator } from '@llm101/random';
import { everyPosition, interpret, sgd, stepOf, runOnBatch } from '@llm101/training';
import type { StepOnTensors } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';

await startBackend();

const rounded = { relaxedSimd: false };
/** Sums in lanes of four round differently from tfjs' by some 1e-7 in a step. */
const LANES = { absolute: 1e-6 };

describe('DilatedConv1d, compiled', () => {
  const [B, T] = [3, 7];
  const batch = (i: number): Tensor3D =>
    tensor(
      Float32Array.from({ length: B * T * 2 }, (_, j) => Math.sin(j + 5 * i)),
      [B, T, 2],
    );
  it.each([
    { kernelSize: 2, dilation: 1 },
    { kernelSize: 2, dilation: 4 },
    { kernelSize: 3, dilation: 2 },
    { kernelSize: 3, dilation: 8 },
  ])('trains in kernels alone, as the plain one: %o', ({ kernelSize, dilation }) => {
    const sizes = { inChannels: 2, outChannels: 5, kernelSize, dilation };
    const make = () => {
      const layer = new DilatedConv1d(sizes, Generator.seeded(1));
      const optimizer = sgd(layer.parameters(), { learningRate: 0.1 });
      return (x: Tensor3D): Scalar => optimizer.step(() => mean(square(layer.forward(x))));
    };
    const [plain, compiled] = [make(), compile(make(), rounded)];
    const losses = (step: (x: Tensor3D) => Scalar): number[] =>
      Array.from({ length: 10 }, (_, i) => tidy(() => step(batch(i)).dataSync()[0]));
    const expected = losses(plain);
    expectClose(losses(compiled), expected, LANES);
    expect(expected[9]).toBeLessThan(expected[0]);
    expect(compiled.program?.stats.fallbacks).toEqual({});
    compiled.dispose();
  });
});

describe('WaveNet, compiled', () => {
  const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
  const names = ['keyler', 'ana', 'jo', 'titus', 'ryli', 'jaidon', 'sameerah', 'ky'];
  const dataset = new SequenceDataset(names, tokenizer);
  const losses = (step: Parameters<typeof runOnBatch>[0]): number[] =>
    Array.from({ length: 8 }, () =>
      Array.from(
        new SequenceLoader(dataset, { packedSize: 30 }),
        (batch) => runOnBatch(step, batch)[0],
      ),
    ).flat();

  it.each<Partial<WaveNetSizes>>([
    { blocks: 2, layerNorm: true },
    { kernelSize: 3, input: 'oneHot' },
  ])('trains in kernels alone, as the plain one: %o', (sizes) => {
    const make = (): StepOnTensors => {
      const options = { vocabSize: 27, channels: 8, depth: 3, ...sizes };
      const model = new WaveNet(options, Generator.seeded(1));
      return stepOf(everyPosition(model), sgd(model.parameters(), { learningRate: 0.3 }));
    };
    const compiled = compile(make(), rounded);
    const expected = losses(interpret(make()));
    expectClose(losses(compiled), expected, { absolute: 1e-5 });
    expect(expected.at(-2)).toBeLessThan(expected[0] - 0.1); // the same batch, two a pass
    expect(compiled.program?.stats.fallbacks).toEqual({});
    compiled.dispose();
  });

  // Composed of tfjs' operations the mask is made in JavaScript, which a recording can't hold.
  const drops: object | undefined = getKernel('SeededDropout', 'wasm');
  it.skipIf(drops === undefined)('draws new masks at each step, those of the plain one', () => {
    const make = () => {
      const sizes = { vocabSize: 27, channels: 8, depth: 3, dropout: 0.4, layerNorm: true };
      const model = new WaveNet(sizes, Generator.seeded(1));
      const trained = everyPosition(model);
      return { model, step: stepOf(trained, sgd(model.parameters(), { learningRate: 0.1 })) };
    };
    const [plain, compiled] = [make(), make()];
    const step = compile(compiled.step, rounded);
    expectClose(losses(step), losses(interpret(plain.step)), { absolute: 1e-5 });
    const counts = [plain, compiled].map(({ model }) =>
      Array.from(model.namedCounters().values(), (counter) => counter.dataSync()[0]),
    );
    expect(counts).toEqual([
      [16, 16, 16],
      [16, 16, 16],
    ]);
    step.dispose();
  });
});

describe('BatchNorm1d, compiled', () => {
  it('keeps the mode of each function', () => {
    const norm = new BatchNorm1d(3);
    const [train, evaluated] = (['training', 'evaluation'] as const).map((mode) =>
      compile((x: Tensor) => norm.forward(x, mode), rounded),
    );
    const x = tensor([1, 2, 3, 4, 6, 9], [2, 3]);
    const values = (f: (x: Tensor) => Tensor): number[] => tidy(() => [...f(x).dataSync()]);
    for (let i = 0; i < 5; i++) {
      // A batch of two has ±1, whatever its values: (x - mean) / deviation.
      expectClose(values(train), [-1, -1, -1, 1, 1, 1], { absolute: 1e-4 });
      expect(norm.num_batches_tracked.dataSync()[0]).toBe(i + 1);
      const running = [norm.running_mean, norm.running_var].map((v) => v.dataSync());
      const expected = x.dataSync().map((value, at) => {
        return (value - running[0][at % 3]) / Math.sqrt(running[1][at % 3] + 1e-5);
      });
      expectClose(values(evaluated), expected, { absolute: 1e-5 });
    }
    train.dispose();
    evaluated.dispose();
  });
});
