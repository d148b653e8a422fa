import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';

beforeAll(async () => {
  await startBackend();
});

/** Calls a step until it is compiled or throws. */
function calls(step: (x: tf.Tensor) => tf.Tensor | void, times = 4): () => void {
  const compiled = compile(step);
  return () => {
    try {
      for (let i = 0; i < times; i++) tf.tidy(() => compiled(tf.scalar(i)));
    } finally {
      compiled.dispose();
    }
  };
}

describe('a step that can’t be replayed', () => {
  it('reads a tensor', () => {
    expect(calls((x) => tf.mul(x, x.dataSync()[0]))).toThrow(
      'compile: a step must not read the values of a tensor',
    );
  });

  it('branches on a counter', () => {
    let i = 0;
    expect(calls((x) => (i++ % 2 === 0 ? tf.square(x) : tf.exp(x)))).toThrow(
      'compile: a step must run the same operations at each call; operation 1 was Exp of float32, then Square of float32',
    );
  });

  it('uses a number that changes', () => {
    let rate = 1;
    expect(calls((x) => tf.mul(x, (rate *= 0.5)))).toThrow(
      'compile: a tensor made within the step changes from call to call (float32 in Multiply: 0.25, then 0.125); ' +
        'it would be frozen: pass it to the step as an argument, or hold it in a tf.variable',
    );
  });

  it('draws a mask', () => {
    expect(calls((x) => tf.mul(x, tf.randomUniform([3])))).toThrow(
      'compile: a tensor made within the step changes from call to call (float32[3] in Multiply',
    );
    expect(calls((x) => tf.dropout(x, 0.5))).toThrow('changes from call to call');
  });

  it('uses an attribute that changes', () => {
    let i = 0;
    expect(calls((x) => tf.slice(tf.mul(x, tf.ones([9])), i++, 2))).toThrow(
      'compile: an attribute of Slice changes from call to call ({begin: 1, size: 2}, then {begin: 2, size: 2})',
    );
  });

  it('uses a tensor that is made again between calls', () => {
    let fresh = tf.scalar(0);
    const step = calls((x) => {
      const y = tf.add(x, fresh);
      fresh.dispose();
      fresh = tf.keep(tf.scalar(1));
      return y;
    });
    expect(step).toThrow('compile: a tensor from outside the step is another one at each call');
    fresh.dispose();
  });

  it('makes variables at each call', () => {
    const made: tf.Variable[] = [];
    const step = calls((x) => {
      made.push(tf.variable(tf.scalar(0), false, `made${made.length}`));
      return tf.square(x);
    });
    expect(step).toThrow('compile: a step must not make variables at each call; got made');
    tf.dispose(made);
  });

  it('keeps tensors', () => {
    const kept: tf.Tensor[] = [];
    const step = calls((x) => {
      kept.push(tf.keep(tf.square(x)));
    });
    expect(step).toThrow(
      'compile: a step must leave as many tensors alive as it finds, except what it returns; got 1 more',
    );
    tf.dispose(kept);
  });

  it.each<[string, unknown]>([
    ['number', 5],
    ['string', 'x'],
    ['null', null],
    ['boolean', false],
    ['a promise; a step must not be async', Promise.resolve(1)],
    ['object Map', new Map()],
    ['object Float32Array', new Float32Array()],
    ['object Generator', (function* () {})()],
    ['object Date', new Date(0)],
    ['number within a list or an object', [1]],
    ['undefined within a list or an object', Array.from({ length: 1 })],
    ['object Array within a list or an object', [[]]],
    ['object Object within a list or an object', { inner: {} }],
    ['object Promise within a list or an object', [Promise.resolve()]],
    ['object Object', Object.create({ inherited: true })],
  ])('returns no tensor: %s', (found, output) => {
    const step = (() => output) as () => tf.Tensor;
    for (const call of [() => compile(step)(), () => compile(step).read()]) {
      expect(call).toThrow(TypeError);
      expect(call).toThrow(
        `compile: a step must return tensors (one, a list, an object of them) or nothing; got ${found.startsWith('object') ? 'an ' : ''}${found}`,
      );
    }
  });

  it('returns a promise that is rejected later, which is not reported besides', () => {
    const step = (() => Promise.reject(new Error('later'))) as () => never;
    expect(() => compile(step)()).toThrow('got a promise; a step must not be async');
  });

  it.each<[string, unknown]>([
    ['an async function', async () => {}],
    ['a generator', function* () {}],
    ['an async generator', async function* () {}],
    ['undefined', undefined],
    ['object', { call: () => tf.scalar(1) }],
  ])('is no function that returns at once: %s', (found, step) => {
    const make = (): unknown => compile(step as () => tf.Tensor);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(
      `compile: step must be a function that has done all when it returns; got ${found}; await`,
    );
  });

  it('leaves no tensors behind, nor the backend watched', () => {
    const before = tf.memory().numTensors;
    const step = calls((x) => tf.mul(x, x.dataSync()[0]));
    expect(step).toThrow('must not read');
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.tidy(() => tf.scalar(3).dataSync()[0])).toBe(3);
  });
});

describe('arguments', () => {
  const compiled = compile((x: tf.Tensor) => tf.square(x));

  it.each([
    [
      { values: new Float32Array(3), shape: [2] },
      'argument 1 must have 2 values for shape [2]; got 3',
    ],
    ['text' as never, 'argument 1 must be a tensor, a number or { values, shape }'],
    [{ values: [1, 2], shape: [2] } as never, 'argument 1 must be a tensor'],
  ])('must be tensors or their values, not %o', (feed, message) => {
    expect(() => compiled(feed)).toThrow(message);
  });

  it('must be alive and of numbers', () => {
    const gone = tf.scalar(1);
    gone.dispose();
    expect(() => compiled(gone)).toThrow('argument 1 must be alive');
    const text = tf.tensor1d(['a']);
    expect(() => compiled(text)).toThrow('must be float32, int32 or bool');
    text.dispose();
  });

  it('must not be variables that the step assigns to, which it would not see change', () => {
    const w = tf.variable(tf.scalar(1), false, 'counted');
    const compiled = compile((x: tf.Tensor) => {
      w.assign(tf.add(w, 1));
      return tf.mul(x, 2);
    });
    for (let call = 0; call < 2; call++) {
      expect(() => compiled(w)).toThrow(
        'compile: argument 1 must not be a variable that the step assigns to; got counted; let the step capture it, or pass a clone',
      );
      expect(w.dataSync()[0]).toBe(1 + call);
      expect([...tf.tidy(() => compiled.read(tf.clone(w)))]).toEqual([2 + 2 * call]);
    }
    compiled.dispose();
    w.dispose();
  });

  it('say what a table has', () => {
    const table = tf.variable(tf.zeros([4, 2]));
    const look = compile((ids: tf.Tensor) => tf.gather(table, ids));
    const ids = (last: number) => ({ values: Int32Array.of(0, last), shape: [2] });
    for (let i = 0; i < 4; i++) look.read(ids(i));
    expect(() => look.read(ids(4))).toThrow('GatherV2: the index value 4 is not in [0, 3]');
    look.dispose();
    table.dispose();
  });
});

describe('the life of a compiled step', () => {
  it('ends with dispose', () => {
    const compiled = compile((x: tf.Tensor) => tf.square(x));
    compiled.dispose();
    expect(() => compiled(3)).toThrow('must not be called after dispose()');
  });

  it('needs its variables', () => {
    const w = tf.variable(tf.scalar(1), true, 'weight');
    const compiled = compile((x: tf.Tensor) => tf.mul(x, w));
    for (let i = 0; i < 4; i++) compiled.read(i);
    w.dispose();
    expect(() => compiled.read(1)).toThrow('compile: variable weight must be alive');
    compiled.dispose();
  });

  it('is rehearsed at times that have names', () => {
    const options = { rehearse: 'often' as never };
    expect(() => compile(() => tf.scalar(1), options)).toThrow(
      'compile: rehearse must be always, sometimes, never; got often',
    );
  });

  it('has a cache of at least one', () => {
    expect(() => compile(() => tf.scalar(1), { cacheSize: 0 })).toThrow(RangeError);
  });
});
