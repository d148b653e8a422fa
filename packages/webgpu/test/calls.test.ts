// Calls of several steps of one GPU: their order, and steps that are disposed of meanwhile.
import { startBackend } from '@llm101/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compilerFor, openGpu } from '../src/index.js';
import { hasNone, sharedGpu } from './on-gpu.js';

beforeAll(() => startBackend());

const first = (values: ArrayLike<number>): number => values[0];

/** A step that is new to the GPU: its kernel has to be compiled. */
let kinds = 0;
const adding = (v: tf.Variable): ((x: tf.Tensor) => tf.Tensor) => {
  const own = ++kinds;
  return (x) => {
    v.assign(tf.add(tf.add(v, x), own));
    return tf.clone(v);
  };
};

describe.skipIf(hasNone)('calls of several steps', () => {
  it('are done in their order, also where the first must be compiled yet', async () => {
    const compile = compilerFor(await sharedGpu());
    const v = tf.variable(tf.scalar(1));
    const reading = compile((x: tf.Tensor) => tf.mul(v, x));
    await reading.readLater(1);
    const writing = compile(adding(v));
    const written = writing.readLater(10);
    const read = reading.readLater(1);
    expect(first(await read)).toBe(first(await written));
    const again = [writing.readLater(20), reading.readLater(1)];
    await reading.sync();
    const values = await Promise.all(again);
    expect(first(values[0])).toBe(first(values[1]));
    expect(v.dataSync()[0]).toBe(first(values[1]));
  });

  it('are all brought back by a sync of any of the steps', async () => {
    const compile = compilerFor(await sharedGpu());
    const v = tf.variable(tf.scalar(1));
    const other = compile((x: tf.Tensor) => tf.mul(x, 2));
    await other.readLater(1);
    const written = compile(adding(v)).readLater(10);
    await other.sync();
    expect(v.dataSync()[0]).toBe(first(await written));
  });

  it('have no argument that a call before them is still to write', async () => {
    const compile = compilerFor(await sharedGpu());
    const v = tf.variable(tf.scalar(1));
    const doubling = compile((x: tf.Tensor) => tf.mul(x, 2));
    const written = compile(adding(v)).readLater(10);
    await expect(doubling.readLater(v)).rejects.toThrow(
      'must not be a variable whose values are on the GPU alone',
    );
    await written;
    v.assign(tf.scalar(4)); // tfjs has the newest
    expect(first(await doubling.readLater(v))).toBe(8);
  });

  it('are refused that would compute with old values on tfjs’ backend', async () => {
    const compile = compilerFor(await sharedGpu());
    const v = tf.variable(tf.scalar(1));
    await compile(adding(v)).readLater(10);
    let made: tf.Variable | undefined;
    const making = (x: tf.Tensor): tf.Tensor => {
      made = tf.variable(tf.scalar(2));
      return tf.mul(tf.mul(made, v), x);
    };
    await expect(compile(making).readLater(1)).rejects.toThrow(
      `is first run on tfjs' backend, where variable ${v.name} has old values; await sync() before`,
    );
    expect(v.dataSync()[0]).toBe(1);
  });

  it('end well where their step is disposed of, or makes room for other shapes', async () => {
    const compile = compilerFor(await sharedGpu());
    const small = compile((x: tf.Tensor) => tf.mul(x, 3), { cacheSize: 1 });
    const answers = [1, 2, 1, 3].map((n) => small.readLater(tf.ones([n])));
    expect((await Promise.all(answers)).map(({ length }) => length)).toEqual([1, 2, 1, 3]);
    const last = [small.readLater(tf.ones([3])), small.readLater(tf.ones([2]))];
    small.dispose();
    small.dispose();
    for (const answer of last) expect(first(await answer)).toBe(3);
    await expect(small.readLater(1)).rejects.toThrow('must not be called after dispose()');
  });

  it('are refused where a variable is disposed of before they are submitted', async () => {
    const compile = compilerFor(await sharedGpu());
    const [v, w] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
    const refused = compile(adding(v))
      .readLater(1)
      .catch((error: unknown) => String(error));
    v.dispose();
    const other = compile((x: tf.Tensor) => tf.mul(w, x)).readLater(3); // v's memory is freed
    expect(await refused).toContain('must be alive');
    expect(first(await other)).toBe(6);
  });

  it('end with an error where the GPU had one that nothing waits for', async () => {
    const gpu = await openGpu();
    expect(gpu).toMatchObject({
      isSoftware: true,
      description: expect.stringMatching(/swiftshader/i),
    });
    const compiled = compilerFor(gpu)((x: tf.Tensor) => tf.mul(x, 2));
    expect(first(await compiled.readLater(1))).toBe(2);
    gpu.device.createBuffer({ size: 4, usage: 0 }); // allowed are other usages
    await expect(compiled.readLater(1)).rejects.toThrow(/^the GPU \(.*\) is lost: .*usage/i);
    expect(await gpu.lost).toMatch(/usage/i);
    await expect(compiled.readLater(1)).rejects.toThrow('is lost');
  });
});
