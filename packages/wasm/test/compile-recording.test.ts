// A step is recorded without being computed, unless it sets up state or calls a kernel of whose results nothing is known.
import * as tf from '@tensorflow/tfjs-core';
import { expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { wasmBackend } from '../src/kernels/wasm-memory.js';

beforeAll(async () => {
  await startBackend();
});

const heapBytes = (): number =>
  (wasmBackend().wasm as object as { HEAPU8: Uint8Array }).HEAPU8.length;

/** How often a kernel runs while some work is done. */
function countCalls(kernelName: string, work: () => void): number {
  const config = tf.getKernelsForBackend('wasm').find((found) => found.kernelName === kernelName);
  if (config === undefined) throw new Error(`there is no kernel ${kernelName}`);
  const original = config.kernelFunc;
  let count = 0;
  config.kernelFunc = (call) => {
    count++;
    return original(call);
  };
  try {
    work();
  } finally {
    config.kernelFunc = original;
  }
  return count;
}

describe('a recording', () => {
  it('calls no kernel', () => {
    const w = tf.variable(tf.tensor2d([[2], [3]]));
    const step = compile((x: tf.Tensor) => {
      const { value, grads } = tf.variableGrads(() => tf.mean(tf.square(tf.matMul(x, w))), [w]);
      w.assign(tf.sub(w, tf.mul(grads[w.name], 0.5)));
      return value;
    });
    const losses: number[] = [];
    const count = countCalls('BatchMatMul', () => {
      for (let i = 0; i < 3; i++) {
        losses.push(step.read({ values: Float32Array.of(1, 0), shape: [1, 2] })[0]);
      }
    });
    expect(count).toBe(0);
    expect(losses).toEqual([4, 0, 0]);
    expect([...w.dataSync()]).toEqual([0, 3]);
    step.dispose();
    w.dispose();
  });

  it('takes no memory for what the step makes', () => {
    const size = 2 ** 20;
    const before = heapBytes();
    const step = compile((x: tf.Tensor) => {
      const sums = Array.from({ length: 40 }, (_, i) => tf.sum(tf.add(x, tf.scalar(i))));
      return tf.sum(tf.stack(sums)); // 160 MB if all lived
    });
    const values = new Float32Array(size).fill(1);
    expect(step.read({ values, shape: [size] })[0]).toBe(size * (40 + 780));
    expect(heapBytes() - before).toBeLessThan(80e6);
    step.dispose();
  });

  it('computes what was put off where the step makes a variable, which it does once', () => {
    let isBuilt = false;
    let runs = 0;
    let total: tf.Variable | undefined;
    const f = (x: tf.Tensor): tf.Tensor => {
      runs++;
      const doubled = tf.mul(x, 2);
      if (!isBuilt) {
        isBuilt = true; // as layers do that are built at their first call
        total = tf.variable(tf.add(doubled, 1));
      }
      total?.assign(tf.add(total, doubled));
      return tf.mul(tf.clone(doubled), 1);
    };
    const step = compile(f, { rehearse: 'never' });
    const counts: number[] = [];
    for (let i = 1; i < 5; i++) {
      expect([...step.read({ values: Float32Array.of(i, -i), shape: [2] })]).toEqual([
        2 * i,
        -2 * i,
      ]);
      counts.push(runs);
      const sum = 2 + i * (i + 1);
      expect([...(total?.dataSync() ?? [])]).toEqual([1 + sum, 1 - sum]);
    }
    expect(counts[0]).toBe(1);
    step.dispose();
    total?.dispose();
  });

  it.each([false, true])(
    'computes what was put off where the step keeps a tensor (%s)',
    (within) => {
      let mask: tf.Tensor | undefined;
      const step = compile((x: tf.Tensor) => {
        const loss = (y: tf.Tensor): tf.Scalar => {
          mask ??= tf.keep(tf.cast(tf.greater(tf.add(y, 0), 1), 'float32'));
          return tf.sum(tf.mul(tf.square(y), mask));
        };
        return within ? tf.grad(loss)(x) : loss(x);
      });
      for (let i = 0; i < 4; i++) {
        const result = step.read({ values: Float32Array.of(1, 2, 3 + i), shape: [3] });
        expect([...result]).toEqual(within ? [0, 4, 6 + 2 * i] : [4 + (3 + i) ** 2]);
      }
      expect([...(mask?.dataSync() ?? [])]).toEqual([0, 1, 1]);
      step.dispose();
      mask?.dispose();
    },
  );

  it('computes what was put off by what variables were then, not by what was assigned since', () => {
    const mean = tf.variable(tf.tensor1d([1, 2]));
    let state: tf.Variable | undefined;
    const begin = [0];
    const step = compile((x: tf.Tensor) => {
      begin[0] = 0;
      const difference = tf.slice(tf.sub(x, mean), begin, [2]);
      begin[0] = 1;
      const both = tf.concat([difference as tf.Tensor1D, mean as tf.Tensor1D]);
      mean.assign(tf.add(mean, tf.mul(difference, 0.5)));
      state ??= tf.variable(tf.mul(mean, 2)); // as optimizers make at their first step
      state.assign(tf.add(state, difference));
      return both;
    });
    let [m, s] = [1, 3];
    for (let i = 0; i < 4; i++) {
      const values = Float32Array.of(2 + i, 2);
      expect([...step.read({ values, shape: [2] })]).toEqual([2 + i - m, 0, m, 2]);
      s += 2 + i - m;
      m = (2 + i + m) / 2;
      expect([...mean.dataSync(), state?.dataSync()[0]]).toEqual([m, 2, s]);
    }
    step.dispose();
    tf.dispose([mean, state ?? mean]);
  });

  it('computes what was put off at a kernel of whose result nothing is known', () => {
    const w = tf.variable(tf.scalar(1));
    const step = compile((x: tf.Tensor) => {
      w.assign(tf.mul(w, 2));
      const diagonal = tf.diag(tf.mul(x, w));
      return tf.add(diagonal, tf.sum(diagonal));
    });
    for (let i = 1; i < 5; i++) {
      const k = 2 ** i;
      const result = [...step.read({ values: Float32Array.of(1, i), shape: [2] })];
      const sum = k * (1 + i);
      expect(result).toEqual([k + sum, sum, sum, k * i + sum]);
      expect(w.dataSync()[0]).toBe(k);
    }
    step.dispose();
    w.dispose();
  });

  it('returns values where the step frees a tensor from outside', () => {
    let given: tf.Tensor | undefined = tf.tensor1d([1, 2]);
    const step = compile((x: tf.Tensor) => {
      const sum = given === undefined ? tf.mul(x, 3) : tf.mul(tf.add(x, given), 2);
      given?.dispose();
      given = undefined;
      return sum;
    });
    expect([...step.read({ values: Float32Array.of(1, 1), shape: [2] })]).toEqual([4, 6]);
    for (let i = 0; i < 3; i++) {
      expect([...step.read({ values: Float32Array.of(1, i), shape: [2] })]).toEqual([3, 3 * i]);
    }
    step.dispose();
  });

  it('has the types that kernels give of sums of flags, and of parts of which some are empty', () => {
    const none = tf.zeros([0], 'int32');
    const ids = tf.tensor1d([1, 0, 1], 'int32');
    const step = compile((x: tf.Tensor): tf.Tensor[] => {
      const flags = tf.greater(x, 0);
      return [tf.unsortedSegmentSum(flags as tf.Tensor1D, ids, 2), tf.concat([none, x])];
    });
    for (let i = 0; i < 3; i++) {
      const [counts, joined] = step(tf.tensor1d([1, i - 1, 2.5]));
      expect([counts.dtype, ...counts.dataSync()]).toEqual(['int32', i > 1 ? 1 : 0, 2]);
      expect([joined.dtype, ...joined.dataSync()]).toEqual(['float32', 1, i - 1, 2.5]);
    }
    step.dispose();
  });

  it('leaves nothing behind, run or put off, and where the step or a kernel throws', async () => {
    const w = tf.variable(tf.scalar(1));
    await expectNoLeak(() => {
      const steps = [
        (x: tf.Tensor) => tf.mul(x, w),
        (x: tf.Tensor) => {
          w.assign(tf.mul(w, 1));
          return tf.diag(tf.mul(x, w));
        },
        (x: tf.Tensor) => {
          w.assign(tf.mul(w, 2));
          if (x.size > 0) throw new Error('broken');
          return x;
        },
        (x: tf.Tensor) => {
          w.assign(tf.mul(w, 2));
          return tf.add(tf.diag(x), tf.slice(tf.mul(x, w), [1], [5]));
        },
      ];
      const ends = steps.flatMap((f) => {
        const step = compile(f);
        const calls = [1, 2].map(() => {
          try {
            step.read({ values: Float32Array.of(1, 2), shape: [2] });
            return 'done';
          } catch (error) {
            return String(error).slice(0, 20);
          }
        });
        step.dispose();
        return calls;
      });
      const errors = ['Error: broken', 'Error: Error in slic'].flatMap((end) => [end, end]);
      expect(ends).toEqual(['done', 'done', 'done', 'done', ...errors]);
      expect(w.dataSync()[0]).toBe(1);
    });
    w.dispose();
  });
});
