// What a compiled step does besides computing: variables that come and go, memory, limits, and what is wrong.
import { startBackend } from '@llm101/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compilerFor, type Gpu, GpuError, openGpu } from '../src/index.js';
import { hasNone, sharedGpu, smallerGpu } from './on-gpu.js';

beforeAll(() => startBackend());

/** Descent on `(w x - y)²`. */
function descent(): {
  w: tf.Variable;
  rate: tf.Variable;
  step: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;
} {
  const w = tf.variable(tf.tensor1d([1, 2, 3]));
  const rate = tf.variable(tf.scalar(0.1), false);
  const step = (x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => tf.mean(tf.square(tf.sub(tf.mul(w, x), y))),
        [w],
      );
      w.assign(tf.sub(w, tf.mul(grads[w.name], rate)));
      return value;
    });
  return { w, rate, step };
}

/** A GPU that counts its buffers, and may have lower limits. */
function watched(
  gpu: Gpu,
  limits: Readonly<Record<string, number>> = {},
): { gpu: Gpu; buffers: () => number; slabs: () => number } {
  let buffers = 0;
  let slabs = 0;
  const createBuffer = (descriptor: GPUBufferDescriptor): GPUBuffer => {
    const buffer = gpu.device.createBuffer(descriptor);
    buffers++;
    if (descriptor.label === 'variables') {
      slabs++;
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        slabs--;
        return destroy();
      };
    }
    return buffer;
  };
  return {
    gpu: smallerGpu(gpu, limits, { createBuffer }),
    buffers: () => buffers,
    slabs: () => slabs,
  };
}

describe.skipIf(hasNone)('a step on a GPU', () => {
  it('has the variables that tfjs assigns, and brings its own back when asked', async () => {
    const { w, rate, step } = descent();
    const compiled = compilerFor(await sharedGpu())(step);
    const [x, y] = [tf.tensor1d([1, 1, 1]), tf.tensor1d([0, 0, 0])];
    const [first] = Array.from((await compiled.readLater(x, y)) as Float32Array);
    expect(first).toBeCloseTo(14 / 3, 5);
    expect(Array.from(w.dataSync())).toEqual([1, 2, 3]); // not yet
    await compiled.sync();
    const share = 1 - 0.2 / 3;
    expect(w.dataSync()[2]).toBeCloseTo(3 * share, 5);
    rate.assign(tf.scalar(0));
    await compiled.readLater(x, y);
    await compiled.sync();
    expect(w.dataSync()[2]).toBeCloseTo(3 * share, 5);
    w.assign(tf.tensor1d([0, 0, 6]));
    const later = [compiled.readLater(x, y), compiled.readLater(2, y).catch(() => undefined)];
    expect(Array.from((await later[0]) as Float32Array)[0]).toBeCloseTo(12, 5);
    await later[1];
    compiled.dispose();
  });

  it('does calls in their order, with the arguments that they had', async () => {
    const compiled = compilerFor(await sharedGpu())((x: tf.Tensor) => tf.mul(x, 2));
    const values = Float32Array.of(0, 0);
    const answers = [1, 2, 3, 4].map((n) => {
      values.fill(n);
      return compiled.readLater({ values, shape: [2] });
    });
    expect((await Promise.all(answers)).map(([first]) => first)).toEqual([2, 4, 6, 8]);
    compiled.dispose();
  });

  it('does calls in their order, with the variables that they had', async () => {
    const [x, y] = [tf.tensor1d([1, 1, 1]), tf.tensor1d([0, 0, 0])];
    const losses = async (waits: boolean): Promise<readonly number[]> => {
      const { rate, step } = descent();
      const compiled = compilerFor(await sharedGpu())(step);
      const answers: Promise<ArrayLike<number>>[] = [];
      for (const learningRate of [0.1, 0.3, 0, 0.2, 0.1]) {
        tf.tidy(() => rate.assign(tf.scalar(learningRate)));
        const answer = compiled.readLater(x, y) as Promise<ArrayLike<number>>;
        answers.push(answer);
        if (waits) await answer;
      }
      const values = (await Promise.all(answers)).map((loss) => loss[0]);
      compiled.dispose();
      return values;
    };
    expect(await losses(false)).toEqual(await losses(true));
  });

  it('makes no buffer after its first call', async () => {
    const { gpu, buffers } = watched(await sharedGpu());
    const { step } = descent();
    const compiled = compilerFor(gpu)(step, { rehearse: 'never' });
    const [x, y] = [tf.tensor1d([1, 1, 1]), tf.tensor1d([0, 0, 0])];
    await compiled.readLater(x, y);
    await compiled.sync();
    const before = buffers();
    for (let i = 0; i < 250; i++) {
      await Promise.all([1, 2, 3, 4].map(() => compiled.readLater(x, y)));
    }
    await compiled.sync();
    expect(buffers()).toBe(before);
    compiled.dispose();
  });

  it('frees the variables of models that are gone', async () => {
    const { gpu, slabs } = watched(await sharedGpu());
    const compile = compilerFor(gpu);
    for (let i = 0; i < 3; i++) {
      const w = tf.variable(tf.ones([4]));
      const step = compile((x: tf.Tensor) => tf.mul(w, x));
      expect(Array.from((await step.readLater(2)) as Float32Array)).toEqual([2, 2, 2, 2]);
      expect(slabs()).toBe(1);
      step.dispose();
      w.dispose();
    }
  });

  it('says what the GPU is too small for', async () => {
    const x = tf.ones([64, 64]);
    const step = (a: tf.Tensor): tf.Tensor => tf.matMul(tf.exp(a), a);
    for (const [limits, sentence] of [
      [
        { maxBufferSize: 4096 },
        'compile: a tensor may have 4 KiB on this GPU; float32[64,64] has 16 KiB',
      ],
      [
        { maxStorageBufferBindingSize: 8192 },
        'compile: a tensor may have 8 KiB on this GPU; float32[64,64] has 16 KiB',
      ],
      [{ maxStorageBuffersPerShaderStage: 1 }, 'binds 2 buffers; this GPU allows 1 a kernel'],
      [
        { maxComputeWorkgroupsPerDimension: 1 },
        /a kernel may have 1 groups along a dimension on this GPU; \w+ has \d+; make batches smaller/,
      ],
    ] as const) {
      const compiled = compilerFor(smallerGpu(await sharedGpu(), limits))(step);
      await expect(compiled.readLater(x)).rejects.toThrow(sentence);
      await expect(compiled.readLater(x)).rejects.toThrow(GpuError);
    }
  });

  it('has variables in as many buffers as the GPU needs, and no sums over all where it can’t bind that', async () => {
    const { gpu, slabs } = watched(await sharedGpu(), { maxStorageBufferBindingSize: 1024 });
    const variables = [1, 2, 3].map((n) => tf.variable(tf.mul(tf.ones([128]), n)));
    const step = compilerFor(gpu)((x: tf.Tensor) => {
      const { grads } = tf.variableGrads(
        () => tf.mean(tf.square(tf.mul(tf.addN(variables), x))),
        variables,
      );
      const squares = variables.map(({ name }) => tf.sum(tf.square(grads[name])));
      return tf.mul(tf.addN(squares), 128);
    });
    const [sum] = Array.from((await step.readLater(tf.ones([128]))) as Float32Array);
    expect(sum).toBeCloseTo(3 * 12 ** 2, 2);
    expect(slabs()).toBe(2);
    const large = tf.variable(tf.ones([300]));
    const refused = compilerFor(gpu)((x: tf.Tensor) => tf.mul(large, x)).readLater(1);
    await expect(refused).rejects.toThrow('a tensor may have 1 KiB on this GPU; float32[300]');
  });

  it('brings variables back in as many buffers as the GPU needs, and says what results may have', async () => {
    const { gpu, buffers } = watched(await sharedGpu(), { maxBufferSize: 1024 });
    const variables = [1, 2, 3].map((n) => tf.variable(tf.mul(tf.ones([128]), n)));
    const step = compilerFor(gpu)((x: tf.Tensor) => {
      for (const variable of variables) variable.assign(tf.add(variable, x));
    });
    await step.readLater(10);
    const before = buffers();
    for (let n = 1; n <= 2; n++) {
      await step.sync();
      expect(variables.map((v) => v.dataSync()[127])).toEqual([1 + 10 * n, 2 + 10 * n, 3 + 10 * n]);
      expect(buffers()).toBe(before + 2);
      await step.readLater(10);
    }
    const all = compilerFor(gpu)((x: tf.Tensor) => variables.map((v) => tf.mul(v, x)));
    await expect(all.readLater(1)).rejects.toThrow(
      "a step's results may take 1 KiB on this GPU; these take 2 KiB",
    );
  });

  it('refuses tokens that are out of range, kernels that it lacks, and to answer at once', async () => {
    const compile = compilerFor(await sharedGpu());
    const table = tf.variable(tf.ones([5, 2]));
    const lookUp = compile((tokens: tf.Tensor) => tf.gather(table, tokens as tf.Tensor1D));
    await expect(lookUp.readLater(tf.tensor1d([0, 5], 'int32'))).rejects.toThrow(
      'compile: argument 1 is read by GatherV2, and must be from 0 to 4; got 5 at 1',
    );
    const conv = compile((x: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, tf.ones<tf.Rank.R4>([1, 1, 2, 2]), 1, 'same', 'NCHW'),
    );
    await expect(conv.readLater(tf.ones([1, 2, 3, 3]))).rejects.toThrow(
      'WebGPU has no kernel for Conv2D of [B, C, H, W]; transpose to [B, H, W, C]',
    );
    const pick = compile((places: tf.Tensor) => tf.gatherND(tf.ones([6, 5]), places));
    await expect(pick.readLater(tf.tensor2d([5, 4, 0, 5], [2, 2], 'int32'))).rejects.toThrow(
      'compile: argument 1 is read by GatherNd, and must be from 0 to 4; got 5 at 3',
    );
    const volume = tf.ones([1, 2, 2, 2, 1]);
    const pooled = compile((x: tf.Tensor) => tf.maxPool3d(x as tf.Tensor5D, 2, 1, 'valid'));
    await expect(pooled.readLater(volume)).rejects.toThrow(
      'compile: WebGPU has no kernel for MaxPool3D, of float32[1,2,2,2,1] to float32[1,1,1,1,1]; train on the device wasm',
    );
    expect(() => pooled(volume)).toThrow('use readLater');
    expect(() => pooled.read(volume)).toThrow('use readLater');
  });

  it('refuses a variable as an argument whose values are on the GPU alone', async () => {
    const { w, step } = descent();
    const compile = compilerFor(await sharedGpu());
    const [x, y] = [tf.tensor1d([1, 1, 1]), tf.tensor1d([0, 0, 0])];
    const descending = compile(step);
    const doubled = compile((a: tf.Tensor) => tf.mul(a, 2));
    await descending.readLater(x, y);
    await expect(doubled.readLater(w)).rejects.toThrow(
      `compile: argument 1 must not be a variable whose values are on the GPU alone; got ${w.name}`,
    );
    await descending.sync();
    expect((await doubled.readLater(w))[0]).toBeCloseTo(2 * w.dataSync()[0], 5);
  });

  it('returns the old value of a variable that it assigns to, in two shapes', async () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const step = compilerFor(await sharedGpu())((x: tf.Tensor) => {
      const before = [tf.clone(w), tf.reshape(w, [2, 1])];
      w.assign(tf.add(w, x));
      return before;
    });
    for (const n of [1, 2, 3]) {
      const before = await step.readLater(1);
      expect(before.map((values) => Array.from(values as Float32Array))).toEqual([
        [n, n + 1],
        [n, n + 1],
      ]);
    }
  });

  it('ends with an error that says so where the device is lost', async () => {
    const gpu = await openGpu();
    const compiled = compilerFor(gpu)((x: tf.Tensor) => tf.mul(x, 2));
    const x = tf.tensor1d([1]);
    await compiled.readLater(x);
    const pending = compiled.readLater(x).then(
      () => 'answered',
      () => 'refused',
    );
    gpu.dispose();
    await gpu.lost;
    expect(['answered', 'refused']).toContain(await pending);
    await expect(compiled.readLater(x)).rejects.toThrow(/^the GPU \(.*\) is lost: /);
    await expect(compiled.readLater(x)).rejects.toThrow(GpuError);
  });
});

it('a GPU that is not there is said so', async () => {
  const nothing: Partial<Gpu> = {};
  expect(() => compilerFor(nothing as Gpu)).toThrow('gpu must be what openGpu resolves with');
  const gpu = { requestAdapter: () => Promise.resolve(null) } as Partial<GPU> as GPU;
  await expect(openGpu({ gpu })).rejects.toThrow('none was found; use the device wasm');
  const failing = { requestAdapter: () => Promise.reject(new Error('no driver\n…')) };
  const opening = openGpu({ gpu: failing as Partial<GPU> as GPU });
  await expect(opening).rejects.toThrow('it says no driver; use the device wasm');
  await expect(opening).rejects.toThrow(GpuError);
  const info = { vendor: 'acme', architecture: '', device: '', description: 'Card 9' };
  const adapter = { limits: {}, info, requestDevice: () => Promise.reject(new Error('too much')) };
  const busy = { requestAdapter: () => Promise.resolve(adapter) } as object as GPU;
  await expect(openGpu({ gpu: busy })).rejects.toThrow(
    'openGpu: Card 9, acme must give a device; it says too much; use the device wasm',
  );
});
