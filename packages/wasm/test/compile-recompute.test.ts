// What is computed again for the backward pass takes less memory and gives the same numbers.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { optimize } from '../src/compile/passes/optimize.js';
import { plan, type Plan } from '../src/compile/plan/plan.js';
import { recompute } from '../src/compile/plan/recompute.js';
import { reorder } from '../src/compile/plan/reorder.js';
import { lowerOnce } from '../src/compile/plan/schedule.js';
import { evaluate } from '../src/compile/program/call-tfjs.js';
import { Program } from '../src/compile/program/program.js';
import { record } from '../src/compile/record/dry-run.js';
import type { Graph } from '../src/graph/graph.js';
import { startBackend } from '../src/index.js';
import { kernelModule } from '../src/kernels/kernel-module.js';
import { wasmBackend } from '../src/kernels/wasm-memory.js';
import { values } from './values.js';

beforeAll(async () => {
  await startBackend();
});

const [ROWS, WIDTH, HIDDEN, LAYERS] = [24, 8, 32, 4];

/** A step of layers as a transformer's: normalised, widened, GELU, and added. */
function makeStep() {
  const kernel = (name: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor2D =>
    [tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, inputs, attrs)].flat()[0] as tf.Tensor2D;
  const make = (shape: number[], seed: number): tf.Variable =>
    tf.variable(tf.tensor(values(shape[0] * (shape[1] ?? 1), seed), shape));
  const layers = Array.from({ length: LAYERS }, (_, i) => ({
    weight: make([WIDTH], 5 * i),
    bias: make([WIDTH], 5 * i + 1),
    up: make([WIDTH, HIDDEN], 5 * i + 2),
    down: make([HIDDEN, WIDTH], 5 * i + 3),
  }));
  const variables = layers.flatMap((layer) => Object.values(layer));
  const step = (x: tf.Tensor): tf.Tensor => {
    const loss = (): tf.Scalar => {
      let y = x as tf.Tensor2D;
      for (const [i, { weight, bias, up, down }] of layers.entries()) {
        // Every other sum is seen in another shape, and so isn't one kernel with its layer norm.
        const inputs = { x: i % 2 === 0 ? y : tf.reshape(y, [2, ROWS / 2, WIDTH]), weight, bias };
        const normal = tf.reshape(kernel('LayerNorm', inputs, { epsilon: 1e-5 }), y.shape);
        const wide = kernel('Gelu', { x: tf.matMul(normal, up) }, { approximate: 'none' });
        y = tf.add(y, tf.matMul(wide, down as tf.Tensor2D));
      }
      return tf.mean(tf.square(y));
    };
    const { value, grads } = tf.variableGrads(loss, variables);
    for (const w of variables) w.assign(tf.sub(w, tf.mul(grads[w.name], 0.1)));
    return value;
  };
  return { step, variables };
}

/** Plans of a step as it is recorded, and with what `limits` allow computed again. */
function plansOf(
  step: (x: tf.Tensor) => tf.Tensor,
  limits: { least: number; share: number },
): { plain: Plan; again: Plan } {
  const wasm = wasmBackend();
  const x = tf.zeros([ROWS, WIDTH]);
  const { recording, output, end } = record(wasm, step, [x]);
  tf.dispose([x, output]);
  end(true);
  const { graph } = optimize(recording.graph, (node) => evaluate(wasm, node)).at(-1) as {
    graph: Graph;
  };
  const lower = lowerOnce();
  return { plain: plan(graph), again: plan(recompute(reorder(graph, lower), lower, limits)) };
}

const count = ({ instructions }: Plan, name: string): number =>
  instructions.filter((instruction) => instruction.name === name).length;

describe('what is computed again', () => {
  it('takes less memory, and gives the same numbers', () => {
    const { step, variables } = makeStep();
    const { plain, again } = plansOf(step, { least: 0, share: 1 });
    expect(count(again, 'gelu')).toBeGreaterThan(count(plain, 'gelu'));
    expect(count(again, 'layerNorm')).toBeGreaterThan(count(plain, 'layerNorm') + LAYERS / 2);
    expect(again.arenaBytes).toBeLessThan(0.85 * plain.arenaBytes);

    const wasm = wasmBackend();
    const before = variables.map((w) => w.dataSync());
    const [first, second] = [plain, again].map((planned) => {
      const program = new Program(planned, wasm, kernelModule(wasm, false));
      const losses: number[] = [];
      for (let i = 0; i < 3; i++) {
        program.run([{ values: Float32Array.from(values(ROWS * WIDTH, i)), shape: [ROWS, WIDTH] }]);
        losses.push(program.values()[0][0]);
      }
      program.dispose();
      const after = variables.map((w) => [...w.dataSync()]);
      for (const [i, w] of variables.entries())
        tf.tidy(() => w.assign(tf.tensor(before[i], w.shape)));
      return { losses, after };
    });
    expect(second).toEqual(first);
    expect(first.after.flat()).not.toEqual(before.flatMap((list) => Array.from(list)));
    tf.dispose(variables);
  });

  it('is nothing where a plan takes little, or no time is left', () => {
    const { step, variables } = makeStep();
    for (const limits of [
      { least: 2 ** 26, share: 1 },
      { least: 0, share: 0 },
    ]) {
      const { plain, again } = plansOf(step, limits);
      expect(String(again)).toBe(String(plain));
    }
    tf.dispose(variables);
  });
});
