// Random steps that read, assign and return variables in any order, compiled and as they are: the same values, bit for bit.
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';

beforeAll(async () => {
  await startBackend();
});

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

/** Operations that are exact or the same kernel in both, so that all digits must agree. */
function drawOperation(draw: Draw, known: number): Operation {
  const [i, j, v] = [draw(known), draw(known), draw(3)];
  const factor = draw(5) / 2 - 1;
  const push =
    (make: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation =>
    (values) =>
      void values.push(make(values[i], values[j]));
  const kinds: Operation[] = [
    push((a, b) => tf.add(a, b)),
    push((a, b) => tf.maximum(a, b)),
    push((a) => tf.mul(a, factor)),
    push((a) => tf.clone(a)),
    push((a) => tf.reshape(tf.reshape(a, [3, 2]), SHAPE)),
    push((a) => tf.transpose(tf.transpose(a))),
    push((a) => tf.reshape(tf.transpose(a), SHAPE)),
    push((a, b) => tf.concat([tf.slice(a, [0, 0], [1, 3]), tf.slice(b, [1, 0], [1, 3])], 0)),
    push((a) => tf.sub(a, tf.max(a, 1, true))),
    push((a, b) => tf.where(tf.greater(a, 0), a, b)),
    (values, variables) => void values.push(variables[v]),
    (values, variables) => void values.push(tf.mul(variables[v], 1)),
    (values, variables) => variables[v].assign(tf.clone(values[i])), // itself it would dispose of
    (values, variables) => variables[v].assign(tf.mul(values[i], 0.5)),
  ];
  return kinds[draw(kinds.length)];
}

/** A step of one input: which operations, and which of their results it returns. */
function drawStep(draw: Draw) {
  const length = 3 + draw(12);
  const operations: Operation[] = [];
  for (let n = 0; n < length; n++) operations.push(drawOperation(draw, 4));
  const returned = [draw(4), draw(4)];
  return (variables: readonly tf.Variable[]) =>
    (x: tf.Tensor): tf.Tensor[] => {
      const values: tf.Tensor[] = [x, ...variables];
      for (const operation of operations) operation(values, variables);
      return returned.map((back) => tf.clone(values[values.length - 1 - back]));
    };
}

const makeVariables = (): tf.Variable[] =>
  tf.tidy(() => [1, 2, 3].map((k) => tf.variable(tf.mul(tf.ones(SHAPE), k / 2))));

const read = (tensors: readonly tf.Tensor[]): number[][] =>
  tensors.map((tensor) => Array.from(tensor.dataSync()));

describe.each(['always', 'never'] as const)('rehearsed %s', (rehearse) => {
  afterEach(() => tf.disposeVariables());

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'two steps that share variables, seed %i',
    (seed) => {
      const draw = drawing(seed);
      const steps = [drawStep(draw), drawStep(draw)];
      const [plain, fast] = [makeVariables(), makeVariables()];
      const compiled = steps.map((step) => compile(step(fast), { rehearse }));
      for (let call = 0; call < 8; call++) {
        const which = draw(2);
        const values = Float32Array.from({ length: 6 }, () => draw(9) - 4);
        const [expected, found] = tf.tidy(() => {
          const x = tf.tensor2d(values, SHAPE);
          return [read(steps[which](plain)(x)), read(compiled[which](x))];
        });
        expect(found, `call ${call}`).toEqual(expected);
        expect(read(fast), `variables after call ${call}`).toEqual(read(plain));
        if (call === 4) {
          for (const set of [plain, fast]) tf.tidy(() => set[0].assign(set[1].clone())); // shares memory
        }
      }
      for (const step of compiled) step.dispose();
    },
  );
});
