import * as tf from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { heapOf, wasmBackend } from '../src/kernels/wasm-memory.js';
import * as toys from './compile-models.js';
import { B, batch, crossEntropy, sgdStep, T, type Toy } from './compile-models.js';

type Step = (tokens: tf.Tensor2D, targets: tf.Tensor1D) => tf.Scalar;
interface Run {
  readonly losses: number[];
  readonly weights: Float32Array;
}
interface Training {
  readonly toy: Toy;
  readonly step: Step;
  readonly dispose: () => void;
}

beforeAll(async () => {
  await startBackend();
});

function sgdTraining(toy: Toy): Training {
  const update = sgdStep(toy.parameters, 0.3);
  return {
    toy,
    step: (tokens, targets) => update(() => crossEntropy(toy.logits(tokens), targets)),
    dispose: () => toy.dispose(),
  };
}

/** Trains with optimizers of tfjs, which keep their state in variables. */
function tfTraining(toy: Toy, optimizer: tf.Optimizer): Training {
  const minimize = (loss: () => tf.Scalar): tf.Scalar =>
    optimizer.minimize(loss, true, toy.parameters) ?? tf.scalar(NaN);
  return {
    toy,
    step: (tokens, targets) => minimize(() => crossEntropy(toy.logits(tokens), targets)),
    dispose: () => {
      toy.dispose();
      optimizer.dispose();
    },
  };
}

/** A transformer whose dropout masks come from a counter that the step counts on. */
function transformerTraining(): Training {
  const counter = tf.variable(tf.scalar(0), false);
  const mask = (shape: number[]): tf.Tensor => {
    counter.assign(tf.add(counter, 1));
    const size = shape.reduce((a, b) => a * b, 1);
    const places = tf.reshape(tf.range(0, size), shape);
    const hash = tf.mod(tf.mul(tf.add(places, tf.mul(counter, 17)), 0.618034), 1);
    return tf.mul(tf.cast(tf.greater(hash, 0.2), 'float32'), 1.25);
  };
  const toy = toys.transformer(mask);
  const optimizer = toys.adamW(toy.parameters);
  return {
    toy,
    step: (tokens, targets) => optimizer.step(() => crossEntropy(toy.logits(tokens), targets)),
    dispose: () => {
      toy.dispose();
      optimizer.dispose();
      counter.dispose();
    },
  };
}

function run({ toy, step, dispose }: Training, steps: number): Run {
  const losses = Array.from({ length: steps }, (_, i) => {
    const { tokens, targets } = batch(i);
    return tf.tidy(
      () => step(tf.tensor2d(tokens, [B, T], 'int32'), tf.tensor1d(targets, 'int32')).dataSync()[0],
    );
  });
  const weights = Float32Array.from(toy.parameters.flatMap((w) => [...w.dataSync()]));
  dispose();
  return { losses, weights };
}

function runCompiled(training: Training, steps: number): Run & { fallbacks: string[] } {
  const compiled = compile(training.step, { relaxedSimd: false });
  const ran = run({ ...training, step: compiled }, steps);
  const fallbacks = Object.keys(compiled.program?.stats.fallbacks ?? { nothing: 1 });
  compiled.dispose();
  return { ...ran, fallbacks };
}

describe('a compiled training step', () => {
  const cases: [string, () => Training][] = [
    ['MLP with SGD', () => sgdTraining(toys.mlp())],
    ['CNN with SGD', () => sgdTraining(toys.cnn())],
    ['MLP with momentum', () => tfTraining(toys.mlp(), tf.train.momentum(0.03, 0.9))],
    ['MLP with Adam', () => tfTraining(toys.mlp(), tf.train.adam(0.01, 0.9, 0.99, 1e-4))],
    ['MLP with RMSProp', () => tfTraining(toys.mlp(), tf.train.rmsprop(0.01, 0.9, 0, 1e-4))],
  ];

  it.each(cases)('trains an %s as the plain one does', (_, make) => {
    const plain = run(make(), 200);
    const compiled = runCompiled(make(), 200);
    // Sums in lanes of four round differently from tfjs' by some 1e-7 in a step.
    expectClose(compiled.losses, plain.losses, { absolute: 1e-5 });
    expectClose(compiled.weights, plain.weights, { absolute: 1e-5, relative: 1e-5 });
    expect(plain.losses[199]).toBeLessThan(plain.losses[0]);
  });

  it('trains a transformer with AdamW and dropout as the plain one does', () => {
    const plain = run(transformerTraining(), 30);
    const compiled = runCompiled(transformerTraining(), 30);
    // AdamW divides by the root of the squared gradient, which makes much of rounding: two plain runs, of which one began
    // with a parameter 1 ulp larger, are 3e-6 apart by then.
    expectClose(compiled.losses, plain.losses, { absolute: 1e-5 });
    expectClose(compiled.weights, plain.weights, { absolute: 1e-5 });
  });

  it('gives the same from the first call on, whatever was called before', () => {
    const straight = sgdTraining(toys.mlp());
    const compiled = compile(straight.step);
    const read = (step: typeof compiled, i: number): number => {
      const { tokens, targets } = batch(i);
      return step.read({ values: tokens, shape: [B, T] }, { values: targets, shape: [B] })[0];
    };
    for (const i of [0, 1, 2]) read(compiled, i);
    const later = sgdTraining(toys.mlp());
    for (const [i, weight] of later.toy.parameters.entries()) {
      tf.tidy(() => weight.assign(tf.clone(straight.toy.parameters[i])));
    }
    const again = compile(later.step);
    for (const i of [3, 4, 5]) expect(read(again, i)).toBe(read(compiled, i));
    for (const [i, weight] of later.toy.parameters.entries()) {
      expect([...weight.dataSync()]).toEqual([...straight.toy.parameters[i].dataSync()]);
    }
    for (const item of [compiled, again, straight, later]) item.dispose();
  });

  it('runs an MLP and a CNN in kernels alone', () => {
    expect(runCompiled(sgdTraining(toys.mlp()), 4).fallbacks).toEqual([]);
    expect(runCompiled(sgdTraining(toys.cnn()), 4).fallbacks).toEqual([]);
  });
});

describe('memory', () => {
  it('holds no tensors but those returned, and is freed', async () => {
    const work = (): void => {
      const { toy, step } = sgdTraining(toys.mlp());
      const compiled = compile(step);
      for (let i = 0; i < 6; i++) {
        const { tokens, targets } = batch(i);
        compiled.read({ values: tokens, shape: [B, T] }, { values: targets, shape: [B] });
      }
      compiled.dispose();
      toy.dispose();
    };
    await expectNoLeak(work);
    const heap = (): number => tf.tidy(() => heapOf(wasmBackend()).HEAPU8.length);
    const before = heap();
    for (let i = 0; i < 300; i++) work();
    expect(heap()).toBe(before);
  });
});
