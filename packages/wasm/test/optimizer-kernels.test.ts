// Optimizers' steps and dropout against their scalar twins, in place and not.
import { describe, expect, it } from 'vitest';
import { seededDropoutReference } from '../src/reference/elementwise.js';
import { adamReference, momentumReference } from '../src/reference/optimizers.js';
import { expectFloat, ULP } from './expect-float.js';
import { SIZES, SPECIAL } from './kernel-cases.js';
import { KernelMemory, someValues } from './kernel-memory.js';

const [w, gradient, state] = [0, 100, 200].map((phase) => someValues(64, phase));
const squares = state.map((x) => Math.fround(x * x));
const rate = Math.fround(0.01);

const momenta = [
  { momentum: 0.9, dampening: 0, nesterov: false, weightDecay: 0 },
  { momentum: 0.9, dampening: 0, nesterov: true, weightDecay: 0.01 },
  { momentum: 0.8, dampening: 0.3, nesterov: false, weightDecay: 0.1 },
  { momentum: 0, dampening: 0.3, nesterov: false, weightDecay: 0 },
];

describe.each(momenta)('momentum $momentum, $dampening, $nesterov, $weightDecay', (settings) => {
  const { momentum, dampening, nesterov, weightDecay } = settings;
  it.each([1, 2, 1000])('step %i', (step) => {
    const memory = new KernelMemory();
    for (const n of SIZES) {
      for (const inPlace of [false, true]) {
        const [x, g, v] = [w, gradient, state].map((values) => memory.put(values.slice(0, n)));
        const [toX, toV] = inPlace ? [x, v] : [memory.room(n), memory.room(n)];
        const [eta, at] = [memory.put([rate]), memory.put([step])];
        const numbers = [momentum, dampening, nesterov ? 1 : 0, weightDecay] as const;
        memory.kernels.functions.momentumUpdate(x, g, v, eta, at, 0, toX, toV, ...numbers, n);
        for (let i = 0; i < n; i++) {
          const given = { w: w[i], gradient: gradient[i], velocity: state[i], rate, step };
          const exact = momentumReference({ ...given, ...settings });
          // sums of values of at most 2, a few roundings
          expectFloat(memory.floats(toX, n)[i], exact.w, { absolute: 3 * ULP }, `w ${i}`);
          expectFloat(
            memory.floats(toV, n)[i],
            exact.velocity,
            { absolute: 6 * ULP },
            `velocity ${i}`,
          );
        }
        memory.checkCanaries();
      }
    }
  });
});

it('the first step reads nothing of the velocity', () => {
  const memory = new KernelMemory();
  const [x, g, v] = [[1], [2], [NaN]].map((values) => memory.put(values));
  const one = memory.put([1]);
  memory.kernels.functions.momentumUpdate(x, g, v, one, one, 0, x, v, 0.9, 0, 0, 0, 1);
  expect([memory.floats(x, 1), memory.floats(v, 1)]).toEqual([[-1], [2]]);
});

it('scales gradients first, to the same bytes as scaled ones give', () => {
  const factor = Math.fround(0.3);
  const scaled = gradient.map((x) => Math.fround(x * factor));
  for (const n of SIZES) {
    const steps = [false, true].map((inside) => {
      const memory = new KernelMemory();
      const put = (x: number[]): number => memory.put(x.slice(0, n));
      const g = put(inside ? gradient : scaled);
      const scale = inside ? memory.put([factor]) : 0;
      const [eta, at] = [memory.put([rate]), memory.put([2])];
      const [a, m, v, b, velocity, c] = [w, state, squares, w, state, w].map(put);
      const { functions } = memory.kernels;
      functions.adamUpdate(a, g, m, v, eta, at, scale, a, m, v, 0.9, 0.99, 1e-8, 0.1, 1, n);
      functions.momentumUpdate(b, g, velocity, eta, at, scale, b, velocity, 0.9, 0.1, 0, 0.1, n);
      functions.descend(c, g, eta, scale, n);
      memory.checkCanaries();
      return [a, m, v, b, velocity, c].map((address) => memory.floats(address, n));
    });
    expect(steps[1]).toEqual(steps[0]);
  }
});

const adams = [
  { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, decoupled: false },
  { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, decoupled: false },
  { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, decoupled: true },
  { beta1: 0.3, beta2: 0.5, epsilon: 1e-3, weightDecay: 0, decoupled: true },
  { beta1: 0, beta2: 0.9, epsilon: 1e-8, weightDecay: 0, decoupled: true },
];

describe.each(adams)('Adam $beta1, $beta2, $weightDecay, $decoupled', (settings) => {
  const { beta1, beta2, epsilon, weightDecay, decoupled } = settings;
  it.each([1, 2, 3, 1000, 100_000])('step %i', (step) => {
    const memory = new KernelMemory();
    for (const n of SIZES) {
      for (const inPlace of [false, true]) {
        const lists = [w, gradient, state, squares].map((values) => values.slice(0, n));
        const [x, g, m, v] = lists.map((values) => memory.put(values));
        const to = inPlace ? [x, m, v] : [memory.room(n), memory.room(n), memory.room(n)];
        const [toX, toM, toV] = to;
        const [eta, at] = [memory.put([rate]), memory.put([step])];
        const numbers = [beta1, beta2, epsilon, weightDecay, decoupled ? 1 : 0] as const;
        memory.kernels.functions.adamUpdate(x, g, m, v, eta, at, 0, toX, toM, toV, ...numbers, n);
        for (let i = 0; i < n; i++) {
          const given = { w: w[i], gradient: gradient[i], first: state[i], second: squares[i] };
          const exact = adamReference({ ...given, ...settings, rate, step });
          const change = Math.abs(exact.w - w[i]);
          expectFloat(
            memory.floats(toX, n)[i],
            exact.w,
            { absolute: (3 + 12 * change) * ULP },
            `w ${i}`,
          );
          expectFloat(memory.floats(toM, n)[i], exact.first, { absolute: 4 * ULP }, `first ${i}`);
          expectFloat(memory.floats(toV, n)[i], exact.second, { absolute: 6 * ULP }, `second ${i}`);
        }
        memory.checkCanaries();
      }
    }
  });
});

describe('dropout', () => {
  const masks = [
    { rate: 0, seed: 1, counter: 0 },
    { rate: 0.1, seed: 0xffffffff, counter: 1 },
    { rate: 0.5, seed: 101, counter: -7 },
    { rate: 0.999, seed: 0, counter: 2 ** 31 - 1 },
  ];
  it.each(masks)('rate $rate, seed $seed, counter $counter', (mask) => {
    const memory = new KernelMemory();
    for (const n of SIZES) {
      for (const inPlace of [false, true]) {
        const x = [...SPECIAL, ...someValues(64)].slice(0, n);
        const from = memory.put(x);
        const to = inPlace ? from : memory.room(n);
        const { rate, seed, counter } = mask;
        const at = memory.put([counter], 'int32');
        memory.kernels.functions.seededDropout(from, at, to, rate, seed, n);
        expect(memory.floats(to, n)).toEqual([...seededDropoutReference(x, mask)]);
        memory.checkCanaries();
      }
    }
  });

  it('drops the share it is asked to, other places for each counter and seed', () => {
    const ones = new Float32Array(40_000).fill(1);
    const masks = [
      { rate: 0.2, seed: 101, counter: 1 },
      { rate: 0.2, seed: 101, counter: 2 },
      { rate: 0.2, seed: 102, counter: 1 },
    ].map((mask) => seededDropoutReference(ones, mask));
    for (const mask of masks) {
      const dropped = mask.filter((value) => value === 0).length / ones.length;
      expect(Math.abs(dropped - 0.2)).toBeLessThan(0.008); // four standard deviations of 0.002
    }
    const [a, b, c] = masks;
    for (const other of [b, c]) {
      const both = a.filter((value, i) => value === 0 && other[i] === 0).length / ones.length;
      expect(Math.abs(both - 0.04)).toBeLessThan(0.004); // as if independent
    }
  });
});
