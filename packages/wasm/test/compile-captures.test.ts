// What a step captures and what becomes of it: the step's own numbers, or an error before anything has changed.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend, type CompileOptions } from '../src/index.js';

beforeAll(async () => {
  await startBackend();
});

const CHANGED =
  /^compile: .*(changes from call to call|another one at each call|must run the same operations|uses another variable|must be alive)/s;

/** What a capture is, as a step and what happens to it. */
interface Capture {
  readonly step: (w: tf.Variable) => tf.Tensor;
  readonly change: () => void;
}

let moduleRate = 0.1;

const captures: Readonly<Record<string, () => Capture>> = {
  'a number': () => {
    let rate = 0.1;
    return { step: (w) => tf.sub(w, tf.mul(w, rate)), change: () => (rate = 0.2) };
  },
  'a number of which zero changes its sign': () => {
    let low = 0;
    return { step: (w) => tf.div(1, tf.add(tf.mul(w, 0), low)), change: () => (low = -0) };
  },
  'an attribute': () => {
    let begin = 0;
    return { step: (w) => tf.slice(tf.concat([w, tf.neg(w)]), begin, 2), change: () => begin++ };
  },
  'a list of axes, in its place': () => {
    const axes = [0];
    return { step: (w) => tf.reverse(tf.stack([w, w, w]), axes), change: () => (axes[0] = 1) };
  },
  'a flag': () => {
    let isWarm = true;
    return { step: (w) => (isWarm ? tf.square(w) : tf.exp(w)), change: () => (isWarm = false) };
  },
  'a flag for more operations at the end': () => {
    let isNoisy = false;
    return {
      step: (w) => {
        const y = tf.square(w);
        return isNoisy ? tf.add(y, 1) : y;
      },
      change: () => (isNoisy = true),
    };
  },
  'a property of an object': () => {
    const settings = { optimizer: { rate: 0.1 } };
    return {
      step: (w) => tf.mul(w, settings.optimizer.rate),
      change: () => (settings.optimizer.rate = 0.2),
    };
  },
  'an element of an array': () => {
    const weights = [1, 2, 3];
    return { step: (w) => tf.mul(w, tf.tensor1d(weights)), change: () => (weights[2] = 4) };
  },
  'an element of a typed array': () => {
    const weights = Float32Array.of(1, 2, 3);
    return { step: (w) => tf.mul(w, tf.tensor1d(weights)), change: () => (weights[2] = 4) };
  },
  'a variable of the module': () => {
    moduleRate = 0.1;
    return { step: (w) => tf.mul(w, moduleRate), change: () => (moduleRate = 0.2) };
  },
  'a field of an instance': () => {
    class Model {
      temperature = 1;
      scores(w: tf.Tensor): tf.Tensor {
        return tf.div(w, this.temperature);
      }
    }
    const model = new Model();
    return { step: (w) => model.scores(w), change: () => (model.temperature = 2) };
  },
  'a method that is replaced': () => {
    const model = { activate: (x: tf.Tensor): tf.Tensor => tf.relu(x) };
    return { step: (w) => model.activate(w), change: () => (model.activate = (x) => tf.tanh(x)) };
  },
  'a tensor that is replaced': () => {
    let mask = tf.keep(tf.tensor1d([1, 0, 1]));
    return {
      step: (w) => tf.mul(w, mask),
      change: () => (mask = tf.keep(tf.tensor1d([0, 1, 0]))),
    };
  },
  'a tensor that is disposed of': () => {
    const mask = tf.keep(tf.tensor1d([1, 0, 1]));
    return { step: (w) => tf.mul(w, mask), change: () => mask.dispose() };
  },
  'a scalar made outside': () => {
    let rate = tf.keep(tf.scalar(0.1));
    return {
      step: (w) => tf.mul(w, rate),
      change() {
        rate.dispose();
        rate = tf.keep(tf.scalar(0.2));
      },
    };
  },
  'a variable that is replaced': () => {
    let gain = tf.variable(tf.scalar(1));
    return { step: (w) => tf.mul(w, gain), change: () => (gain = tf.variable(tf.scalar(2))) };
  },
  'a variable that is disposed of': () => {
    const gain = tf.variable(tf.scalar(1));
    return { step: (w) => tf.mul(w, gain), change: () => gain.dispose() };
  },
  'which variable is assigned to': () => {
    const [a, b] = [tf.variable(tf.zeros([3])), tf.variable(tf.zeros([3]))];
    let target = a;
    return {
      step(w) {
        target.assign(tf.mul(w, 2));
        return tf.neg(w);
      },
      change: () => (target = b),
    };
  },
  'a number in a gradient': () => {
    let power = 2;
    return { step: (w) => tf.grad((x) => tf.sum(tf.pow(x, power)))(w), change: () => (power = 3) };
  },
  'a number that only a custom gradient reads': () => {
    let scale = 1;
    const f = tf.customGrad((x) => ({
      value: tf.square(x as tf.Tensor),
      gradFunc: (dy) => [tf.mul(dy, scale)],
    }));
    return { step: (w) => tf.grad((x) => tf.sum(f(x)))(w), change: () => (scale = 2) };
  },
  'the rate of an optimizer of tfjs': () => {
    const optimizer = tf.train.sgd(0.1);
    const v = tf.variable(tf.tensor1d([1, 2, 3]));
    return {
      step(w) {
        const { grads } = tf.variableGrads(() => tf.sum<tf.Scalar>(tf.mul(tf.square(v), w)), [v]);
        optimizer.applyGradients(grads);
        return tf.neg(w);
      },
      change: () =>
        Reflect.apply(Reflect.get(optimizer, 'setLearningRate') as () => void, optimizer, [0.5]),
    };
  },
  'a clock': () => {
    let now = 1;
    return { step: (w) => tf.mul(w, now), change: () => (now += 1e-3) };
  },
  'what is returned': () => {
    let isNegative = false;
    return { step: (w) => (isNegative ? tf.neg(w) : w), change: () => (isNegative = true) };
  },
  'a shape': () => {
    let rows = 3;
    return { step: (w) => tf.sum(tf.reshape(w, [rows, 3 / rows]), 0), change: () => (rows = 1) };
  },
};

/** Calls a step `before` times, changes what it captures, and calls it again. */
function callsAround({ step, change }: Capture, before: number, options?: CompileOptions) {
  const w = tf.variable(tf.tensor1d([1, 2, 3]));
  const update = (): tf.Tensor => {
    const next = tf.tidy(() => step(w));
    w.assign(tf.add(w, 1));
    return next;
  };
  const compiled = compile(update, options);
  for (let i = 0; i < before; i++) compiled.read();
  const values = [...w.dataSync()];
  change();
  return { compiled, values: () => [...w.dataSync()], before: values };
}

describe.each([1, 2, 3, 9])('changed after call %i', (before) => {
  it.each(Object.entries(captures))(
    '%s is seen at the next call, which changes nothing',
    (_, make) => {
      const called = callsAround(make(), before);
      expect(() => called.compiled.read()).toThrow(CHANGED);
      expect(called.values()).toEqual(called.before);
      expect(() => called.compiled()).toThrow(CHANGED);
      called.compiled.dispose();
    },
  );
});

describe('rehearsed sometimes', () => {
  it.each(Object.entries(captures))('%s is seen by rehearse() and calls then', (_, make) => {
    const called = callsAround(make(), 7, { rehearse: 'sometimes' });
    expect(() => called.compiled.rehearse()).toThrow(CHANGED);
    expect(() => called.compiled()).toThrow(CHANGED);
    expect(() => called.compiled.read()).toThrow(CHANGED);
    expect(called.values()).toEqual(called.before);
    called.compiled.dispose();
  });
  it('the step is run before calls 2, 5, 17, 65', () => {
    let runs = 0;
    const compiled = compile(
      (x: tf.Tensor) => {
        runs++;
        return tf.square(x);
      },
      { rehearse: 'sometimes' },
    );
    const at: number[] = [];
    for (let call = 1; call <= 70; call++) {
      const before = runs;
      compiled.read(call);
      if (call > 1 && runs > before) at.push(call);
    }
    expect(at).toEqual([2, 5, 17, 65]);
    compiled.dispose();
  });
});

describe('never rehearsed', () => {
  it('a step is not run again, and what it reads must live', () => {
    let runs = 0;
    const mask = tf.tensor1d([1, 2]);
    const compiled = compile(
      (x: tf.Tensor) => {
        runs++;
        return tf.mul(x, mask);
      },
      { rehearse: 'never' },
    );
    for (let i = 0; i < 20; i++) expect([...compiled.read(i)]).toEqual([i, 2 * i]);
    expect(runs).toBe(2);
    mask.dispose();
    expect(() => compiled.read(1)).toThrow('compile: a tensor from outside the step must be alive');
    compiled.dispose();
  });
});

describe('a rehearsal', () => {
  it('leaves variables, tensors and results as they are', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const x = tf.tensor1d([3, 4]);
    const step = (x: tf.Tensor): tf.Tensor => {
      const { value, grads } = tf.variableGrads(
        () => tf.sum<tf.Scalar>(tf.mul(tf.square(w), x)),
        [w],
      );
      w.assign(tf.sub(w, tf.mul(grads[w.name], 0.01)));
      return value;
    };
    const plain = tf.variable(tf.tensor1d([1, 2]));
    const expected = Array.from({ length: 12 }, () =>
      tf.tidy(() => {
        const loss = tf.sum(tf.mul(tf.square(plain), x));
        plain.assign(tf.sub(plain, tf.mul(tf.mul(tf.mul(plain, 2), x), 0.01)));
        return loss.dataSync()[0];
      }),
    );
    const compiled = compile(step);
    compiled(x).dispose();
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    const losses = Array.from({ length: 11 }, () => tf.tidy(() => compiled(x).dataSync()[0]));
    for (let i = 0; i < 11; i++) expect(losses[i]).toBeCloseTo(expected[i + 1], 4);
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers, numBytes });
    expect(w.dataSync()[0]).toBeCloseTo(plain.dataSync()[0], 5);
    compiled.dispose();
    tf.dispose([w, x, plain]);
  });

  it('sees a difference that the step itself catches', () => {
    let isOdd = false;
    const compiled = compile((x: tf.Tensor) => {
      try {
        return isOdd ? tf.exp(x) : tf.square(x);
      } catch {
        return tf.square(x);
      }
    });
    compiled.read(1);
    isOdd = true;
    expect(() => compiled.read(1)).toThrow('must run the same operations');
    isOdd = false;
    expect([...compiled.read(3)]).toEqual([9]);
    compiled.dispose();
  });

  it('lets what the step throws through, and goes on after it', () => {
    let isBroken = false;
    const w = tf.variable(tf.scalar(1));
    const compiled = compile(() => {
      w.assign(tf.mul(w, 2));
      if (isBroken) throw new RangeError('broken');
      return tf.neg(w);
    });
    compiled.read();
    isBroken = true;
    expect(() => compiled.read()).toThrow(new RangeError('broken'));
    isBroken = false;
    expect([...compiled.read()]).toEqual([-4]);
    compiled.dispose();
  });

  it('finds a step that sets something up later', () => {
    let calls = 0;
    let late: tf.Variable | undefined;
    const compiled = compile((x: tf.Tensor) => {
      if (++calls === 5) late = tf.variable(tf.neg(x));
      return tf.neg(x);
    });
    for (let i = 0; i < 3; i++) compiled.read(1);
    expect(() => compiled.read(1)).toThrow(/must not make variables at each call|same operations/);
    expect(() => late?.dataSync()).toThrow(Error); // no numbers that nothing has computed
    compiled.dispose();
  });
});
