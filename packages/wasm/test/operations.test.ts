// tfjs' operations whose kernels or gradients are ours, eager and compiled: against PyTorch's figures
// (fixtures/operations.json), tfjs' CPU backend and central differences.
import * as tf from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak, numericGradient } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { figuresIn } from './figures.js';
import { onBackend } from './on-backend.js';
import { rank4 } from './ranks.js';
import { count } from './values.js';

const fixtures = figuresIn('operations.json');

beforeAll(async () => {
  await startBackend();
});

interface Case {
  readonly name: string;
  readonly shapes: number[][];
  readonly f: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Whether tfjs' kernels do part of it. */
  readonly falls?: boolean;
}

const PLACES = (): tf.Tensor => tf.tensor2d([2, 0, 1, 1], [2, 2], 'int32');

/** The gradients' shapes in the fixtures are those of the inputs. */
const shapesOf = (name: string): number[][] =>
  Object.entries(fixtures[name]).flatMap(([key, { shape }]) => (key === 'output' ? [] : [shape]));

const cases: Case[] = [
  ...Object.keys(fixtures)
    .filter((name) => name.startsWith('einsum '))
    .map((name): Case => ({
      name,
      shapes: shapesOf(name),
      f: (...inputs) => tf.einsum(name.slice('einsum '.length), ...inputs),
    })),
  {
    name: 'depthwiseConv2d',
    shapes: shapesOf('depthwiseConv2d'),
    f: (x, w) => tf.depthwiseConv2d(rank4(x), rank4(w), 1, 'same'),
    falls: true, // the convolution itself
  },
  {
    name: 'depthwiseConv2d, two for each channel, stride 2',
    shapes: shapesOf('depthwiseConv2d, two for each channel, stride 2'),
    f: (x, w) => tf.depthwiseConv2d(rank4(x), rank4(w), 2, 'valid'),
    falls: true,
  },
  {
    name: 'maxPool',
    shapes: shapesOf('maxPool'),
    f: (x) => tf.maxPool(rank4(x), 3, 2, 1, 'floor'),
  },
  {
    name: 'avgPool',
    shapes: shapesOf('avgPool'),
    f: (x) => tf.avgPool(rank4(x), 3, 2, 1, 'floor'),
  },
  {
    name: 'gather',
    shapes: shapesOf('gather'),
    f: (x) => tf.gather(x, PLACES(), 1, 1),
  },
];

const wave = (shape: number[], f: (x: number) => number, period: number, scale = 1): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: count(shape) }, (_, i) => scale * f(i / period)),
    shape,
  );
const inputsOf = ({ shapes }: Case): tf.Tensor[] =>
  shapes.map((shape, i) => (i === 0 ? wave(shape, Math.sin, 3, 2) : wave(shape, Math.cos, 5)));
const weighted = (y: tf.Tensor): tf.Scalar => tf.sum(tf.mul(y, wave(y.shape, Math.cos, 7)));
const outputAndGradients =
  ({ f }: Case) =>
  (...inputs: tf.Tensor[]): tf.Tensor[] => [
    f(...inputs),
    ...tf.grads((...given: tf.Tensor[]) => weighted(f(...given)))(inputs),
  ];

describe.each(cases)('$name', (given) => {
  const { name, f, shapes, falls = false } = given;
  const figures = Object.values(fixtures[name]);

  it('gives PyTorch’s output and gradients, compiled too', () => {
    tf.tidy(() => {
      const eager = outputAndGradients(given);
      const compiled = compile(eager);
      for (const run of [eager, compiled, compiled, compiled]) {
        for (const [i, result] of run(...inputsOf(given)).entries()) {
          expect(result.shape).toEqual(figures[i].shape);
          // A dozen roundings of values near 3.
          expectClose(result.dataSync(), figures[i].values, { absolute: 4e-6 });
        }
      }
      const { fallbacks } = compiled.program?.stats ?? { fallbacks: { none: 1 } };
      expect(Object.keys(fallbacks).length > 0).toBe(falls);
      compiled.dispose();
    });
  });

  // Of axes that are summed apart the CPU backend sums some and keeps others.
  it.skipIf(['einsum ijk,j->k', 'einsum ij,kl->j'].includes(name))(
    'gives the CPU backend’s output',
    async () => {
      const work = (): tf.Tensor[] => [f(...inputsOf(given))];
      const [cpu] = await onBackend('cpu', work);
      const [wasm] = await onBackend('wasm', work);
      expect([wasm.shape, wasm.dtype]).toEqual([cpu.shape, cpu.dtype]);
      expectClose(wasm.values, cpu.values, { absolute: 4e-6 });
    },
  );

  it('has gradients that equal central differences', () => {
    const [, ...gradients] = tf.tidy(() =>
      outputAndGradients(given)(...inputsOf(given)).map((result) => result.dataSync()),
    );
    shapes.forEach((shape, i) => {
      const start = tf.tidy(() => Float32Array.from(inputsOf(given)[i].dataSync()));
      const loss = (changed: Float32Array): number =>
        tf.tidy(() => {
          const inputs = inputsOf(given);
          inputs[i] = tf.tensor(changed, shape);
          return weighted(f(...inputs)).dataSync()[0];
        });
      // A loss near 100 is rounded by 1e-5, of which a step of 0.02 makes 1e-3.
      expectClose(gradients[i], numericGradient(loss, start), { absolute: 2e-3, relative: 1e-3 });
    });
  });

  it('leaks nothing', async () => {
    await expectNoLeak(() => tf.tidy(() => void outputAndGradients(given)(...inputsOf(given))));
  });
});

describe('the gradient of gather', () => {
  it('goes through several batch dimensions', () => {
    tf.tidy(() => {
      const shape = [2, 2, 3, 2];
      const indices = tf.tensor3d([2, 2, 0, 1, 1, 1, 0, 2], [2, 2, 2], 'int32');
      const f = (x: tf.Tensor): tf.Tensor => weighted(tf.gather(x, indices, 2, 2));
      const start = Float32Array.from(wave(shape, Math.sin, 3).dataSync());
      const loss = (x: Float32Array): number => tf.tidy(() => f(tf.tensor(x, shape)).dataSync()[0]);
      const gradient = tf.grad(f)(tf.tensor(start, shape));
      expectClose(gradient.dataSync(), numericGradient(loss, start), { absolute: 1e-3 });
    });
  });
});

describe('einsum', () => {
  it('of int32 stays int32', async () => {
    const work = (): tf.Tensor[] => {
      const x = tf.tensor2d([1, -2, 3, 4, 5, 6], [2, 3], 'int32');
      return [tf.einsum('ij,kj->ik', x, x), tf.einsum('ij->j', x), tf.einsum('ij,ij->ij', x, x)];
    };
    const cpu = await onBackend('cpu', work);
    expect(await onBackend('wasm', work)).toEqual(cpu);
  });

  it('of empty tensors is 0', () => {
    const [x, y] = [tf.zeros([2, 0]), tf.zeros([0, 3])];
    expect([...tf.einsum('ij,jk->ik', x, y).dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...tf.einsum('ij->i', x).dataSync()]).toEqual([0, 0]);
  });

  it('has a gradient of its gradient', () => {
    const cubed = (x: tf.Tensor): tf.Tensor => tf.einsum('i,i->', x, tf.mul(x, x));
    const second = tf.grad((x: tf.Tensor) => tf.sum(tf.grad(cubed)(x)));
    expectClose(second(tf.tensor1d([1, 2])).dataSync(), [6, 12], { absolute: 1e-6 });
  });

  it('says what doesn’t fit', () => {
    const x = tf.ones([2, 3]);
    expect(() => tf.einsum('ij,jk->ik', x, x)).toThrow('Expected dimension 3');
    expect(() => tf.einsum('i->i', x)).toThrow('a letter for each axis; got tensors of [2,3]');
    expect(() => tf.einsum('ij->ii', x)).toThrow('a letter must occur once behind the arrow');
    expect(() => tf.einsum('ij,ij->ij', x, tf.ones([2, 3], 'int32'))).toThrow(
      'must be all float32 or all int32; got float32 and int32; cast them',
    );
  });
});

describe('the gradients of depthwiseConv2d', () => {
  const run = (
    name: string,
    inputs: Record<string, tf.Tensor>,
    attrs: tf.NamedAttrMap,
  ): tf.Tensor =>
    tf.engine().runKernel(name, inputs, { strides: 1, pad: 'valid', dilations: 1, ...attrs });

  it('follow dilations', () => {
    tf.tidy(() => {
      const attrs = { dilations: [2, 1], inputShape: [1, 6, 6, 3], filterShape: [2, 2, 3, 2] };
      const x = wave(attrs.inputShape, Math.cos, 7);
      const filter = wave(attrs.filterShape, Math.cos, 5);
      const dy = wave([1, 4, 5, 6], Math.cos, 7); // what `weighted` multiplies by
      const of = (image: tf.Tensor, w: tf.Tensor): tf.Tensor =>
        tf.depthwiseConv2d(rank4(image), rank4(w), 1, 'valid', 'NHWC', [2, 1]);
      const lossOf =
        (f: (given: tf.Tensor) => tf.Tensor, shape: number[]) =>
        (given: Float32Array): number =>
          tf.tidy(() => weighted(f(tf.tensor(given, shape))).dataSync()[0]);
      const dx = run('DepthwiseConv2dNativeBackpropInput', { dy, filter }, attrs);
      const lossOfX = lossOf((given) => of(given, filter), attrs.inputShape);
      expectClose(dx.dataSync(), numericGradient(lossOfX, Float32Array.from(x.dataSync())), {
        absolute: 2e-3,
      });
      const dFilter = run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, attrs);
      const lossOfFilter = lossOf((given) => of(x, given), attrs.filterShape);
      expectClose(
        dFilter.dataSync(),
        numericGradient(lossOfFilter, Float32Array.from(filter.dataSync())),
        { absolute: 2e-3, relative: 1e-3 },
      );
    });
  });

  it('refuse a dy of another shape than the output', () => {
    const [x, dy] = [tf.ones([1, 4, 4, 2]), tf.ones([1, 4, 4, 2])];
    expect(() =>
      run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { filterShape: [2, 2, 2, 1] }),
    ).toThrow("must be float32 of the convolution's output shape, [1,3,3,2]");
  });
});
