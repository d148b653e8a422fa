// Random steps that read, assign, set up and return variables in any order, compiled and as they are: the same values, bit for bit.
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

/** What a step makes the first time, by number. */
interface State {
  readonly variables: readonly tf.Variable[];
  readonly made: (tf.Variable | undefined)[];
  readonly kept: (tf.Tensor | undefined)[];
}

/** An operation of a step, on tensors [2, 3] that there are by then. */
type Operation = (values: tf.Tensor[], state: State) => void;

/** Operations that are exact or the same kernel in both, so that all digits must agree. */
function drawOperation(draw: Draw, known: number, setsUp: boolean): Operation {
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
    (values, { variables }) => void values.push(variables[v]),
    (values, { variables }) => void values.push(tf.mul(variables[v], 1)),
    (values, { variables }) => variables[v].assign(tf.clone(values[i])), // itself it would dispose of
    (values, { variables }) => variables[v].assign(tf.mul(values[i], 0.5)),
  ];
  const setups: Operation[] = [
    (values, { made }) => void values.push((made[v] ??= tf.variable(tf.mul(values[i], 2)))),
    (values, { made }) => made[v]?.assign(tf.add(values[i], 1)),
    (values, { kept }) => void values.push((kept[v] ??= tf.keep(tf.mul(values[i], 1)))),
    (values, { kept }) => void values.push((kept[v] ??= tf.keep(tf.clone(values[i])))),
    push((a) => tf.sum(tf.diag(a), [2, 3])), // of whose result nothing is known beforehand
  ];
  const all = setsUp ? [...kinds, ...setups] : kinds;
  return all[draw(all.length)];
}

/** A step of one input: which operations, and which of their results it returns. */
function drawStep(draw: Draw, setsUp = false) {
  const length = 3 + draw(12);
  const operations: Operation[] = [];
  for (let n = 0; n < length; n++) operations.push(drawOperation(draw, 4, setsUp));
  const returned = [draw(4), draw(4)];
  return (state: State) =>
    (x: tf.Tensor): tf.Tensor[] => {
      const values: tf.Tensor[] = [x, ...state.variables];
      for (const operation of operations) operation(values, state);
      return returned.map((back) => tf.clone(values[values.length - 1 - back]));
    };
}

const makeState = (): State => ({
  variables: tf.tidy(() => [1, 2, 3].map((k) => tf.variable(tf.mul(tf.ones(SHAPE), k / 2)))),
  made: [],
  kept: [],
});

const read = (tensors: readonly (tf.Tensor | undefined)[]): number[][] =>
  tensors.map((tensor) => Array.from(tensor?.dataSync() ?? []));

const readAll = ({ variables, made, kept }: State): number[][] =>
  read([...variables, ...made, ...kept]);

describe.each(['always', 'never'] as const)('rehearsed %s', (rehearse) => {
  afterEach(() => tf.disposeVariables());

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'two steps that share variables, seed %i',
    (seed) => {
      const draw = drawing(seed);
      const steps = [drawStep(draw), drawStep(draw)];
      const [plain, fast] = [makeState(), makeState()];
      const compiled = steps.map((step) => compile(step(fast), { rehearse }));
      for (let call = 0; call < 8; call++) {
        const which = draw(2);
        const x = drawInput(draw);
        expect(outcome(compiled[which], x, fast)).toEqual(outcome(steps[which](plain), x, plain));
        if (call === 4) {
          for (const { variables } of [plain, fast]) {
            tf.tidy(() => variables[0].assign(variables[1].clone())); // shares memory
          }
        }
      }
      for (const step of compiled) step.dispose();
    },
  );

  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'a step that sets up state, seed %i',
    (seed) => {
      const draw = drawing(1000 + seed);
      const step = drawStep(draw, true);
      const [plain, fast] = [makeState(), makeState()];
      const compiled = compile(step(fast), { rehearse });
      for (let call = 0; call < 5; call++) {
        const x = drawInput(draw);
        expect(outcome(compiled, x, fast)).toEqual(outcome(step(plain), x, plain));
      }
      compiled.dispose();
      tf.dispose([...plain.kept, ...fast.kept].flatMap((tensor) => tensor ?? []));
    },
  );
});

const drawInput = (draw: Draw): Float32Array => Float32Array.from({ length: 6 }, () => draw(9) - 4);

/** What a step returns, and what there is after it. */
function outcome(step: (x: tf.Tensor) => tf.Tensor[], x: Float32Array, state: State): number[][] {
  const results = tf.tidy(() => read(step(tf.tensor2d(x, SHAPE))));
  return [...results, ...readAll(state)];
}
