// Variables of which tfjs and the GPU have each their own values: none of them is lost.
import { compile, startBackend } from '@llm101/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compilerFor, openGpu } from '../src/index.js';
import { hasNone, sharedGpu } from './on-gpu.js';

beforeAll(() => startBackend());

const counting =
  (v: tf.Variable) =>
  (x: tf.Tensor): tf.Tensor => {
    v.assign(tf.add(v, x));
    return tf.clone(v);
  };

describe.skipIf(hasNone)('a variable', () => {
  it('keeps what the GPU has where something in tfjs shares its memory', async () => {
    const count = compilerFor(await sharedGpu());
    const v = tf.variable(tf.scalar(1));
    const [counted, read] = [count(counting(v)), count((x: tf.Tensor) => tf.mul(v, x))];
    const kept = [tf.clone(v)];
    for (let n = 2; n < 8; n++) {
      expect((await counted.readLater(1))[0]).toBe(n);
      kept.push(tf.clone(v)); // has what tfjs has
      expect((await read.readLater(1))[0]).toBe(n);
    }
    await counted.sync();
    expect(v.dataSync()[0]).toBe(7);
    expect(kept.map((one) => one.dataSync()[0])).toEqual(Array(7).fill(1));
  });

  it('gets an earlier value back that is assigned to it', async () => {
    const v = tf.variable(tf.scalar(1));
    const before = tf.clone(v);
    const counted = compilerFor(await sharedGpu())(counting(v), { rehearse: 'never' });
    for (let i = 0; i < 2; i++) {
      expect((await counted.readLater(5))[0]).toBe(6);
      v.assign(tf.clone(before));
    }
    const onWasm = compile(counting(v));
    expect(onWasm.read(2)[0]).toBe(3); // written in its place
    expect((await counted.readLater(5))[0]).toBe(8);
    await counted.sync();
    expect(onWasm.read(2)[0]).toBe(10);
  });

  it('keeps what tfjs assigns while what the GPU had is on its way', async () => {
    const compileThere = compilerFor(await sharedGpu());
    const v = tf.variable(tf.scalar(1));
    const [counted, read] = [
      compileThere(counting(v)),
      compileThere((x: tf.Tensor) => tf.mul(v, x)),
    ];
    await read.readLater(1);
    await counted.readLater(1);
    const synced = counted.sync();
    for (let i = 0; i < 4; i++) await Promise.resolve(); // it has begun
    v.assign(tf.scalar(50));
    const answer = read.readLater(1);
    await synced;
    expect(v.dataSync()[0]).toBe(50);
    expect((await answer)[0]).toBe(50);
  });

  it('keeps what tfjs assigns where a call has taken that which isn’t submitted yet', async () => {
    const compileThere = compilerFor(await sharedGpu());
    const v = tf.variable(tf.scalar(1));
    const first = compileThere((x: tf.Tensor) => {
      v.assign(tf.add(tf.mul(v, 3), x)); // new to the GPU: it waits
      return tf.clone(v);
    }).readLater(1);
    const reading = compileThere((x: tf.Tensor) => tf.mul(v, x));
    const synced = reading.sync();
    v.assign(tf.scalar(50));
    const second = reading.readLater(1);
    await synced;
    expect(v.dataSync()[0]).toBe(50);
    expect([(await first)[0], (await second)[0]]).toEqual([4, 50]);
    await reading.sync();
    expect(v.dataSync()[0]).toBe(50);
  });

  it('must be brought back from one GPU before another has it', async () => {
    const v = tf.variable(tf.scalar(1));
    const [here, there] = [await sharedGpu(), await openGpu()];
    const [one, other] = [here, there].map((gpu) => compilerFor(gpu)(counting(v)));
    await other.readLater(1);
    await other.sync();
    await one.readLater(1);
    await expect(other.readLater(1)).rejects.toThrow(
      `compile: variable ${v.name} has values that are on another GPU alone; await sync()`,
    );
    await one.sync();
    expect((await other.readLater(1))[0]).toBe(4);
    there.dispose();
    await there.lost;
    expect((await one.readLater(1))[0]).toBe(4); // with what tfjs has
  });
});

describe.skipIf(hasNone)('what a step leaves in variables', () => {
  const three = (values: readonly number[]): tf.Variable => tf.variable(tf.tensor1d([...values]));

  /** Runs a step on wasm and on the GPU. @returns what its variables have in the end, of both */
  async function ends(
    make: () => { readonly step: (x: tf.Tensor) => tf.Tensor; readonly variables: tf.Variable[] },
  ): Promise<readonly [wasm: number[][], gpu: number[][]]> {
    const run = async (isThere: boolean): Promise<number[][]> => {
      const { step, variables } = make();
      const compiled = isThere ? compilerFor(await sharedGpu())(step) : undefined;
      const here = compiled === undefined ? compile(step) : undefined;
      const losses: number[] = [];
      for (let i = 0; i < 2; i++) {
        losses.push(((await compiled?.readLater(0.1)) ?? here?.read(0.1) ?? [NaN])[0]);
      }
      await compiled?.sync();
      return [losses, ...variables.map((v) => Array.from(v.dataSync()))];
    };
    return [await run(false), await run(true)];
  }

  const expectClose = ([wasm, gpu]: readonly [number[][], number[][]]): void => {
    expect(gpu.flat()).toHaveLength(wasm.flat().length);
    for (const [i, x] of gpu.flat().entries()) expect(x).toBeCloseTo(wasm.flat()[i], 5);
  };

  it('may be old values of others, which it changes', async () => {
    expectClose(
      await ends(() => {
        const [a, b, before] = [three([1, 2, 3]), three([4, 5, 6]), three([0, 0, 0])];
        const step = (x: tf.Tensor): tf.Tensor => {
          const [oldA, oldB] = [tf.clone(a), tf.clone(b)];
          before.assign(oldA);
          a.assign(oldB);
          b.assign(tf.add(oldA, x));
          return tf.sum(tf.mul(before, b));
        };
        return { step, variables: [a, b, before] };
      }),
    );
  });

  it('may be the value of another, which it doesn’t read', async () => {
    expectClose(
      await ends(() => {
        const [a, b] = [three([1, 2, 3]), three([4, 5, 6])];
        const step = (x: tf.Tensor): tf.Tensor => {
          b.assign(tf.clone(a));
          return tf.mul(x, 2);
        };
        return { step, variables: [a, b] };
      }),
    );
  });

  it('may be one value in several', async () => {
    expectClose(
      await ends(() => {
        const [a, b] = [three([1, 2, 3]), three([4, 5, 6])];
        const step = (x: tf.Tensor): tf.Tensor => {
          const sum = tf.add(tf.mul(a, b), x);
          a.assign(sum);
          b.assign(sum);
          return tf.sum(sum);
        };
        return { step, variables: [a, b] };
      }),
    );
  });

  it('may be gradients whose norm it takes', async () => {
    expectClose(
      await ends(() => {
        const [a, b, kept] = [three([1, 2, 3]), three([4, 5, 6]), three([0, 0, 0])];
        const step = (x: tf.Tensor): tf.Tensor => {
          const { grads } = tf.variableGrads(
            () => tf.mean(tf.square(tf.sub(tf.mul(a, b), x))),
            [a, b],
          );
          const [ofA, ofB] = [grads[a.name], grads[b.name]];
          kept.assign(ofA);
          const norm = tf.sqrt(tf.add(tf.sum(tf.square(ofA)), tf.sum(tf.square(ofB))));
          a.assign(tf.sub(a, tf.div(ofA, norm)));
          b.assign(tf.sub(b, tf.div(ofB, norm)));
          return norm;
        };
        return { step, variables: [a, b, kept] };
      }),
    );
  });
});
