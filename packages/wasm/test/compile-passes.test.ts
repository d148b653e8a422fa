import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { optimize } from '../src/compile/passes/optimize.js';
import { plan } from '../src/compile/plan/plan.js';
import { evaluate } from '../src/compile/program/call-tfjs.js';
import { record as recordStep } from '../src/compile/record/dry-run.js';
import type { Graph } from '../src/graph/graph.js';
import { printGraph } from '../src/graph/print-graph.js';
import { startBackend } from '../src/index.js';
import { wasmBackend } from '../src/kernels/wasm-memory.js';
import * as own from './own-kernels.js';

beforeAll(async () => {
  await startBackend();
});

function record(step: (...inputs: tf.Tensor[]) => tf.Tensor, ...shapes: number[][]): Graph {
  const inputs = shapes.map((shape) => tf.zeros(shape));
  const { recording, output, end } = recordStep(wasmBackend(), step, inputs);
  const { graph } = recording;
  tf.dispose([...inputs, output]);
  end(true);
  return graph;
}

/** The text after each pass, under its name. */
function texts(graph: Graph): { name: string; text: string }[] {
  const wasm = wasmBackend();
  return optimize(graph, (node) => evaluate(wasm, node)).map(({ name, graph }) => ({
    name,
    text: printGraph(graph),
  }));
}

const last = (graph: Graph): string => texts(graph).at(-1)?.text ?? '';

it('prints what the README shows', () => {
  const w = tf.variable(tf.ones([4, 3]), true, 'w'); // [out, in]
  const b = tf.variable(tf.ones([4]), true, 'b');
  const step = (x: tf.Tensor): tf.Tensor => {
    const loss = (): tf.Scalar => tf.mean(tf.relu(tf.add(tf.matMul(x, tf.transpose(w)), b)));
    const { value, grads } = tf.variableGrads(loss);
    for (const v of [w, b]) v.assign(tf.sub(v, tf.mul(grads[v.name], 0.1)));
    return value;
  };
  const graph = record(step, [2, 3]);
  const passes = texts(graph);
  const changed = passes.filter(({ text }, i) => text !== passes[i - 1]?.text);
  const wasm = wasmBackend();
  const optimized = optimize(graph, (node) => evaluate(wasm, node)).at(-1)?.graph ?? graph;
  const shown = [
    printGraph(graph),
    ...changed.map(({ name, text }) => `# ${name}\n${text}`),
    String(plan(optimized)),
  ];
  tf.dispose([w, b]);
  const readme = readFileSync(new URL('../src/compile/README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/```text\n([^]*?)\n```/g)].map(([, block]) => block);
  expect(shown).toEqual(blocks);
});

describe('passes', () => {
  it('drop-copies leaves views of what was copied', () => {
    const graph = record(
      (x) => tf.transpose(tf.sum(tf.mul(tf.clone(tf.reshape(x, [1, 6])), 1), 0, true)),
      [2, 3],
    );
    expect(last(graph)).toBe(
      ['(a0: float32[2,3])', '%0: float32[6,1] = View x=a0', 'return %0'].join('\n'),
    );
  });

  it('fold-constants computes what needs no input', () => {
    const graph = record((x) => tf.mul(x, tf.neg(tf.add(tf.scalar(1), 2))), [2]);
    expect(last(graph)).toBe(
      ['(a0: float32[2])', '%0: float32[2] = Multiply a=a0 b=-3', 'return %0'].join('\n'),
    );
  });

  it('merge-equal computes once', () => {
    const graph = record((x) => tf.mul(tf.exp(x), tf.exp(x)), [2]);
    expect(last(graph).match(/Exp/g)).toHaveLength(1);
  });

  it('fold-transposes turns products', () => {
    const graph = record((x, y) => tf.transpose(tf.matMul(tf.transpose(x), y)), [3, 2], [3, 4]);
    expect(last(graph)).toBe(
      [
        '(a0: float32[3,2], a1: float32[3,4])',
        '%0: float32[4,2] = BatchMatMul a=a1 b=a0 {transposeA: true, transposeB: false}',
        'return %0',
      ].join('\n'),
    );
  });

  it('fuse-products takes in bias and ReLU, unless the sum is needed besides', () => {
    const layer = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
      tf.add(tf.matMul(x, w), b);
    const fused = record((x, w, b) => tf.relu(layer(x, w, b)), [2, 3], [3, 4], [4]);
    expect(last(fused)).toContain(
      '= Product a=a0 b=a1 bias=a2 {transposeA: false, transposeB: false, ending: relu}',
    );
    const needed = record(
      (x, w, b) => {
        const y = layer(x, w, b);
        return tf.mul(tf.relu(y), y);
      },
      [2, 3],
      [3, 4],
      [4],
    );
    expect(last(needed)).toContain('= Relu x=');
  });

  it('fuse-squares and fuse-scales: neither squares nor scaled gradients are written', () => {
    const w = tf.variable(tf.ones([3]), true, 'clipped');
    const graph = record(
      (g) => {
        const scale = tf.div(1, tf.sqrt(tf.sum(tf.square(g))));
        w.assign(tf.sub(w, tf.mul(tf.mul(g, scale), 0.1)));
        return scale;
      },
      [3],
    );
    expect(last(graph)).toBe(
      [
        '(a0: float32[3])',
        '%0: float32 = SquaresSum x=a0',
        '%1: float32 = Sqrt x=%0',
        '%2: float32 = RealDiv a=1 b=%1',
        '%3: float32[3] = Descent w=@clipped g=a0 rate=0.1 scale=%2',
        '@clipped <- %3',
        'return %2',
      ].join('\n'),
    );
    w.dispose();
  });

  it('fuse-residuals: a sum and its norm are one pass, unless it is read before', () => {
    const norm = (x: tf.Tensor): tf.Tensor =>
      own.layerNorm(x, tf.tensor1d([1, 2, 3]), tf.tensor1d([4, 5, 6]))[0];
    const one = record(
      (x, y) => {
        const sum = tf.add(x, y);
        return tf.mul(norm(sum), sum);
      },
      [2, 3],
      [2, 3],
    );
    expect(last(one)).toContain(' = AddLayerNorm x=a0 residual=a1 weight=');
    expect(last(one)).not.toContain('= Add ');
    const read = record(
      (x, y) => {
        const sum = tf.add(x, y);
        const before = tf.exp(sum);
        return tf.mul(norm(sum), before);
      },
      [2, 3],
      [2, 3],
    );
    expect(last(read)).toContain('= Add ');
    expect(last(read)).toContain('= LayerNorm ');
  });

  it('fuse-residuals: a norm’s gradient takes in what is added to it', () => {
    const f = (x: tf.Tensor): tf.Tensor =>
      tf.add(x, own.layerNorm(x, tf.tensor1d([1, 2, 3]), tf.tensor1d([4, 5, 6]))[0]);
    const graph = record((x) => tf.grad(f)(x), [2, 3]);
    expect(last(graph)).toMatch(/LayerNormGrad .*residual=/);
    expect(last(graph)).not.toContain('= Add ');
  });

  it('remove-dead leaves out what nothing reads', () => {
    const graph = record(
      (x) => {
        tf.exp(x);
        return tf.square(x);
      },
      [2],
    );
    expect(graph.nodes.map(({ kernel }) => kernel)).toEqual(['Exp', 'Square']);
    expect(last(graph)).not.toContain('Exp');
  });
});
