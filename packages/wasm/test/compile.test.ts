import * as tf from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { heapOf, wasmBackend } from '../src/compile/wasm-memory.js';
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
  const fallbacks = Object.keys(compiled.program?.account.fallbacks ?? { nothing: 1 });
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
    // Sums in lanes of four round otherwise than tfjs' by some 1e-7 in a step.
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

  it('runs an MLP and a CNN in kernels alone', () => {
    expect(runCompiled(sgdTraining(toys.mlp()), 4).fallbacks).toEqual([]);
    expect(runCompiled(sgdTraining(toys.cnn()), 4).fallbacks).toEqual([]);
  });
});

describe('compile', () => {
  it('computes a function of tensors, with any shapes', () => {
    const f = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.add(tf.mul(x, 2), y);
    const compiled = compile(f);
    for (let i = 0; i < 5; i++) {
      for (const size of [1, 3, 4]) {
        const sum = tf.tidy(() =>
          compiled(tf.mul(tf.ones([2, size]), i), tf.ones([size])).dataSync(),
        );
        expect([...sum]).toEqual(Array.from({ length: 2 * size }, () => 2 * i + 1));
      }
    }
    compiled.dispose();
  });

  it('takes values and numbers for tensors, and gives values', () => {
    const compiled = compile((x: tf.Tensor, rate: tf.Tensor) => ({
      scaled: tf.mul(x, rate),
      list: tf.sum(x),
    }));
    for (let i = 0; i < 5; i++) {
      const { scaled, list } = compiled.read(
        { values: Float32Array.of(1, 2, i), shape: [3, 1] },
        i / 2,
      );
      expect([...scaled]).toEqual([i / 2, i, (i * i) / 2]);
      expect([...list]).toEqual([3 + i]);
    }
    compiled.dispose();
  });

  it('returns what the step returns: one tensor, several, none', () => {
    const state = tf.variable(tf.scalar(0));
    const several = compile((x: tf.Tensor) => [x, tf.square(x), state as tf.Tensor]);
    const none = compile((x: tf.Tensor) =>
      state.assign(tf.add(state, tf.reshape<tf.Rank.R0>(x, []))),
    );
    for (let i = 1; i < 6; i++) {
      tf.tidy(() => {
        expect(none(tf.scalar(i))).toBeUndefined();
        const [x, square, sum] = several(tf.scalar(i)).map((tensor) => tensor.dataSync()[0]);
        expect([x, square, sum]).toEqual([i, i * i, (i * (i + 1)) / 2]);
      });
    }
    several.dispose();
    none.dispose();
    state.dispose();
  });

  it('sees what is assigned to variables between calls, and leaves copies of them alone', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const compiled = compile(() => w.assign(tf.mul(w, 2)));
    for (let i = 0; i < 4; i++) compiled();
    expect([...w.dataSync()]).toEqual([16, 32]);
    const view = tf.reshape(w, [2, 1]);
    compiled();
    expect([...view.dataSync()]).toEqual([16, 32]);
    expect([...w.dataSync()]).toEqual([32, 64]);
    tf.tidy(() => w.assign(tf.tensor1d([5, 6])));
    compiled();
    expect([...w.dataSync()]).toEqual([10, 12]);
    compiled.dispose();
    tf.dispose([w, view]);
  });

  it('is seen by tfjs’ convolutions, which keep packed filters', () => {
    const filter = tf.variable(tf.ones<tf.Rank.R3>([2, 3, 4]));
    const x = tf.ones<tf.Rank.R3>([1, 5, 3]);
    const step = compile(() => filter.assign(tf.mul(filter, 2)));
    for (const expected of [12, 24, 48, 96]) {
      step();
      expect(tf.tidy(() => tf.conv1d(x, filter, 1, 'valid').dataSync()[0])).toBe(expected);
    }
    step.dispose();
    tf.dispose([filter, x]);
  });

  it('swaps variables', () => {
    const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
    const compiled = compile(() => {
      const old = tf.mul<tf.Scalar>(a, 1);
      a.assign(tf.mul<tf.Scalar>(b, 1));
      b.assign(old);
    });
    for (let i = 1; i <= 6; i++) {
      compiled();
      expect([a.dataSync()[0], b.dataSync()[0]]).toEqual(i % 2 === 0 ? [1, 2] : [2, 1]);
    }
    compiled.dispose();
    tf.dispose([a, b]);
  });

  it('keeps an old value that is read after the new one is known', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const compiled = compile(() => {
      const old = tf.mul(w, 1);
      w.assign(tf.add(w, 1));
      return tf.sub(w, old);
    });
    for (let i = 0; i < 5; i++) expect([...compiled.read()]).toEqual([1, 1]);
    compiled.dispose();
    w.dispose();
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

  it('leaves variables as they were where a step can’t be replayed', () => {
    const w = tf.variable(tf.scalar(1));
    let rate = 1;
    const compiled = compile(() => w.assign(tf.mul<tf.Scalar>(w, (rate *= 2))));
    expect(() => compiled()).toThrow('changes from call to call');
    expect(w.dataSync()[0]).toBe(1);
    compiled.dispose();
    w.dispose();
  });

  it('runs as it is within a gradient and within another compiled step', () => {
    const square = compile((x: tf.Tensor) => tf.square(x));
    const outer = compile((x: tf.Tensor) => tf.add(square(x), 1));
    for (let i = 0; i < 5; i++) {
      tf.tidy(() => {
        expect(
          tf
            .grad((x) => tf.sum(square(x)))(tf.scalar(i))
            .dataSync()[0],
        ).toBe(2 * i);
        expect(outer(tf.scalar(i)).dataSync()[0]).toBe(i * i + 1);
        expect(square(tf.scalar(i)).dataSync()[0]).toBe(i * i);
      });
    }
    square.dispose();
    outer.dispose();
  });

  it('keeps no more programs than it may', () => {
    const compiled = compile((x: tf.Tensor) => tf.add(x, 1), { cacheSize: 2 });
    const call = (size: number): void => {
      expect(tf.tidy(() => compiled(tf.zeros([size])).dataSync()[0])).toBe(1);
    };
    call(1);
    const small = compiled.program;
    call(200);
    const large = compiled.program;
    expect(large).not.toBe(small);
    call(1);
    expect(compiled.program).toBe(small);
    call(3); // takes the place of the large one
    call(1);
    expect(compiled.program).toBe(small);
    call(200);
    expect(compiled.program).not.toBe(large);
    compiled.dispose();
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
