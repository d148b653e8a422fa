// Random steps that read, assign and return variables in any order, whose calls overlap, while tfjs assigns and brings back: the values of a run
// that waits for each.
import { startBackend } from '@llm101/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { compilerFor } from '../src/index.js';
import { hasNone, sharedGpu } from './on-gpu.js';

beforeAll(() => startBackend());

const SHAPE: [number, number] = [2, 3];

/** Whole numbers from 0 to below `end`, by a linear congruence. */
type Draw = (end: number) => number;

function drawing(seed: number): Draw {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % end;
  };
}

/** An operation of a step, on tensors [2, 3] that there are by then. */
type Operation = (values: tf.Tensor[], variables: readonly tf.Variable[]) => void;

/** Operations that are exact. */
function drawOperation(draw: Draw): Operation {
  const [i, j, v] = [draw(4), draw(4), draw(3)];
  const [own, next] = [v, (v + 1) % 3];
  const factor = draw(5) / 2 - 1;
  const push =
    (make: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation =>
    (values) =>
      void values.push(make(values[values.length - 1 - i], values[j]));
  const kinds: Operation[] = [
    push((a, b) => tf.add(a, b)),
    push((a) => tf.mul(a, factor)),
    push((a) => tf.clone(a)),
    push((a) => tf.reshape(tf.transpose(a), SHAPE)),
    push((a) => tf.sub(a, tf.max(a, 1, true))),
    push((a, b) => tf.where(tf.greater(a, 0), a, b)),
    (values, variables) => void values.push(variables[own]),
    (values, variables) => void values.push(tf.mul(variables[own], 1)),
    (values, variables) => variables[own].assign(tf.clone(values[values.length - 1 - i])),
    (values, variables) => variables[own].assign(tf.mul(values[values.length - 1 - i], 0.5)),
    (_, variables) => variables[own].assign(tf.clone(variables[next])),
    (_, variables) => {
      const before = [tf.clone(variables[own]), tf.clone(variables[next])];
      variables[own].assign(before[1]);
      variables[next].assign(before[0]);
    },
  ];
  return kinds[draw(kinds.length)];
}

type Step = (x: tf.Tensor) => tf.Tensor[];

function drawStep(draw: Draw): (variables: readonly tf.Variable[]) => Step {
  const operations = Array.from({ length: 3 + draw(12) }, () => drawOperation(draw));
  const returned = [draw(4), draw(4)];
  return (variables) => (x) => {
    const values: tf.Tensor[] = [x, ...variables];
    for (const operation of operations) operation(values, variables);
    return returned.map((back) => tf.clone(values[values.length - 1 - back]));
  };
}

const makeVariables = (): tf.Variable[] =>
  tf.tidy(() => [1, 2, 3].map((k) => tf.variable(tf.mul(tf.ones(SHAPE), k / 2))));

const read = (tensors: readonly tf.Tensor[]): number[][] =>
  tensors.map((tensor) => Array.from(tensor.dataSync(), (x) => x + 0)); // no -0

const seeds = Array.from({ length: 15 }, (_, seed) => seed);

it.skipIf(hasNone).each(seeds)('overlapping calls, seed %i', async (seed) => {
  const compile = compilerFor(await sharedGpu());
  const draw = drawing(seed);
  const steps = [drawStep(draw), drawStep(draw), drawStep(draw)];
  const [plain, there] = [makeVariables(), makeVariables()];
  const compiled = steps.map((step) => compile(step(there)));
  const [expected, answers, ends]: [number[][][], Promise<number[][]>[], Promise<void>[]] = [
    [],
    [],
    [],
  ];
  const brought: { readonly there: number[][]; readonly plain: number[][] }[] = [];
  for (let call = 0; call < 10; call++) {
    const k = draw(3);
    const x = Float32Array.from({ length: 6 }, () => draw(9) - 4);
    expected.push(tf.tidy(() => read(steps[k](plain)(tf.tensor2d(x, SHAPE)))));
    const answer = compiled[k].readLater({ values: x, shape: SHAPE });
    answers.push(answer.then((all) => all.map((values) => Array.from(values, (x) => x + 0))));
    const [what, which] = [draw(6), draw(3)];
    const assign = (make: (variables: readonly tf.Variable[]) => tf.Tensor): void => {
      for (const all of [plain, there]) tf.tidy(() => all[which].assign(make(all)));
    };
    if (what === 0) await Promise.all(answers);
    if (what === 1 || what === 3) await compiled[which].sync();
    if (what === 1) brought.push({ there: read(there), plain: read(plain) });
    if (what === 2) ends.push(compiled[which].sync());
    if (what === 2) assign(() => tf.tensor2d([1, 2, 3, 4, 5, call], SHAPE));
    if (what === 3) assign((all) => tf.clone(all[(which + 1) % 3])); // shares memory
    if (what === 4) compiled[which].dispose();
    if (what === 4) compiled[which] = compile(steps[which](there));
  }
  expect(await Promise.all(answers)).toEqual(expected);
  expect(brought.map((all) => all.there)).toEqual(brought.map((all) => all.plain));
  await Promise.all(ends);
  await compiled[0].sync();
  expect(read(there)).toEqual(read(plain));
  for (const step of compiled) step.dispose();
});
