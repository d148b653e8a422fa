import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';

beforeAll(async () => {
  await startBackend();
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

  it('writes what the step returns into an array, shared or not, from values that may be shared', () => {
    const total = tf.variable(tf.zeros([2]), true);
    const compiled = compile((x: tf.Tensor) => total.assign(tf.add(total, x)), {});
    const shared = new Float32Array(new SharedArrayBuffer(24));
    const [from, to] = [shared.subarray(1, 3), shared.subarray(3, 5)];
    const sums = compile((x: tf.Tensor) => tf.mul(tf.add(total, x), 1));
    for (let i = 1; i < 5; i++) {
      from.set([i, -i]);
      sums.readInto(to, { values: from, shape: [2] });
      expect([...shared]).toEqual([0, i, -i, i, -i, 0]);
    }
    expect(() => {
      compiled.readInto(to, { values: from, shape: [2] });
    }).toThrow('must return one float32 tensor for readInto; got nothing; use read');
    expect([...total.dataSync()]).toEqual([0, 0]);
    compiled.dispose();
    sums.dispose();
    total.dispose();
  });

  it('writes into an array from the first call on, where that sets up state too', () => {
    let made: tf.Variable | undefined;
    const compiled = compile((x: tf.Tensor) => {
      made ??= tf.variable(tf.scalar(3));
      return tf.mul(x, made);
    });
    const target = new Float32Array(2);
    for (let i = 0; i < 4; i++) {
      compiled.readInto(target, { values: Float32Array.of(i, -1), shape: [2] });
      expect([...target]).toEqual([3 * i, -3]);
    }
    compiled.dispose();
    made?.dispose();
  });

  it('refuses an array of another length or type before the step runs', () => {
    const w = tf.variable(tf.zeros([2]));
    const step = compile((x: tf.Tensor) => {
      w.assign(tf.add(w, x));
      return tf.mul(w, 1);
    });
    const whole = compile((x: tf.Tensor) => tf.cast(x, 'int32'));
    const list = compile((x: tf.Tensor) => [x, x]);
    for (let i = 0; i < 3; i++) {
      expect(() => {
        step.readInto(new Float32Array(3), 1);
      }).toThrow(
        new RangeError(
          "compile: the target of readInto must be as long as the step's result, 2 for shape [2]; got 3",
        ),
      );
      for (const other of [new Float64Array(2), [0, 0], undefined]) {
        expect(() => {
          step.readInto(other as never, 1);
        }).toThrow(/the target of readInto must be a Float32Array; got (Float64A|A|U)/);
      }
      expect(() => {
        whole.readInto(new Float32Array(1), 1);
      }).toThrow('one float32 tensor for readInto; got int32[]; use read');
      expect(() => {
        list.readInto(new Float32Array(1), 1);
      }).toThrow('one float32 tensor for readInto; got float32[], float32[]; use read');
    }
    expect([...w.dataSync()]).toEqual([0, 0]);
    for (const compiled of [step, whole, list]) compiled.dispose();
    w.dispose();
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

  it('returns old values of variables that it assigns to, also in another shape and more than once', () => {
    const [v, w] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([0, 0]))];
    const compiled = compile(() => {
      const old = [tf.clone(v), tf.reshape(v, [2, 1]), tf.mul(v, 1), tf.clone(w)];
      w.assign(tf.clone(v));
      v.assign(tf.add(v, 1));
      return old;
    });
    for (let i = 0; i < 4; i++) {
      const [copy, column, product, before] = compiled.read().map((values) => Array.from(values));
      const old = [1 + i, 2 + i];
      expect([copy, column, product]).toEqual([old, old, old]);
      expect(before).toEqual(i === 0 ? [0, 0] : [i, i + 1]);
      expect([...w.dataSync()]).toEqual(old);
      expect([...v.dataSync()]).toEqual([2 + i, 3 + i]);
    }
    compiled.dispose();
    tf.dispose([v, w]);
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

  it.each([
    ['descends', (w, g) => tf.sub(w, tf.mul(g, 0.1))],
    ['descends by a scaled gradient', (w, g, one) => tf.sub(w, tf.mul(tf.mul(g, one), 0.1))],
    [
      'sums squares and the gradient of relu',
      (w) => tf.mul(tf.sum(tf.square(w)), tf.grad((x) => tf.relu(x))(w)),
    ],
  ] as [string, (...x: tf.Tensor[]) => tf.Tensor][])('%s where there is nothing', (_, f) => {
    const w = tf.tidy(() => tf.variable(tf.zeros([0, 4])));
    const step = compile((g: tf.Tensor, one: tf.Tensor) => {
      w.assign(f(w, g, one));
      return tf.add(tf.sum(w), one);
    });
    for (let i = 0; i < 2; i++) {
      tf.tidy(() => {
        expect(step(tf.zeros([0, 4]), tf.scalar(1)).dataSync()[0]).toBe(1);
      });
    }
    expect(w.shape).toEqual([0, 4]);
    step.dispose();
    w.dispose();
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
