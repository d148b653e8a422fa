// Compiled and as they are, the models and optimizers of the repository reach the same weights.
import { CNN, MLP, type Module, WaveNet } from '@llm101/models';
import { adam, adamw, everyPosition, interpret, sgd, stepOf, runOnBatch } from '@llm101/training';
import type { Compile, Optimizer, Trainable } from '@llm101/training';
import { Generator, randomInt64 } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(() => startBackend({ relaxedSimd: true }));

const [B, T, V, STEPS] = [8, 8, 27, 200];
const sizes = { vocabSize: V, contextSize: T, dEmbed: 5, dHidden: 19 };

interface Trained {
  readonly module: Module;
  readonly model: Trainable;
  /** How many targets a batch has. */
  readonly targets: number;
}

const models: Record<string, () => Trained> = {
  MLP: () => trained(new MLP(sizes, Generator.seeded(1))),
  CNN: () => trained(new CNN(sizes, Generator.seeded(1))),
  WaveNet: () => {
    const options = { vocabSize: V, channels: 12, depth: 3, layerNorm: true, dropout: 0.1 };
    const module = new WaveNet(options, Generator.seeded(1));
    return { module, model: everyPosition(module), targets: B * T };
  },
};

const trained = (module: Module & Trainable): Trained => ({ module, model: module, targets: B });

const optimizers: Record<string, (parameters: ReturnType<Module['parameters']>) => Optimizer> = {
  SGD: (parameters) => sgd(parameters, { learningRate: 0.05 }),
  momentum: (parameters) => sgd(parameters, { learningRate: 0.02, momentum: 0.9 }),
  Nesterov: (parameters) =>
    sgd(parameters, { learningRate: 0.02, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  Adam: (parameters) => adam(parameters, { learningRate: 0.001 }),
  AdamW: (parameters) => adamw(parameters, { learningRate: 0.001, clipNorm: 1 }),
};

const cases = Object.keys(models).flatMap((model) =>
  Object.keys(optimizers).map((optimizer): [string, string] => [model, optimizer]),
);

/** The weights after training on random tokens, and the fallbacks of what was compiled. */
function weightsOf([model, optimizer]: [string, string], compiler: Compile): Float32Array {
  const { module, model: trainable, targets } = models[model]();
  const rule = optimizers[optimizer](module.parameters());
  const step = compiler(stepOf(trainable, rule));
  const generator = Generator.seeded(2);
  const tokens = (count: number): Int32Array =>
    Int32Array.from({ length: count }, () => Number(randomInt64(generator) % BigInt(V)));
  for (let i = 0; i < STEPS; i++) {
    // The rate falls as by a schedule.
    if (i === STEPS / 2) rule.learningRate /= 2;
    const batch = { size: B, contextSize: T, inputs: tokens(B * T), targets: tokens(targets) };
    const loss = runOnBatch(step, batch)[0];
    if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss} at step ${i + 1}`);
  }
  const weights = module.parameters().flatMap((parameter) => Array.from(parameter.dataSync()));
  step.dispose();
  rule.dispose();
  module.dispose();
  return Float32Array.from(weights);
}

describe('200 steps, compiled and interpreted', () => {
  it.each(cases)('%s with %s: the same weights', (...names) => {
    const plain = weightsOf(names, interpret);
    const start = models[names[0]]().module.parameters();
    const moved = start.flatMap((parameter) => Array.from(parameter.dataSync()));
    expect(plain.some((weight, i) => Math.abs(weight - moved[i]) > 0.01)).toBe(true);
    const compiled = weightsOf(names, (step) => compile(step, { relaxedSimd: false }));
    expectClose(compiled, plain, { absolute: 1e-6 }); // products in lanes round differently from tfjs'
    const relaxed = weightsOf(names, (step) => compile(step, { relaxedSimd: true }));
    expectClose(relaxed, plain, { absolute: 1e-4 }); // fused multiply-adds, where the engine has them
  });
});
