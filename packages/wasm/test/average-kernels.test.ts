// Means of weights, and steps that keep one, against their scalar twins; in place and not.
import { describe, expect, it } from 'vitest';
import { scheduleFreeReference } from '../src/reference/optimizers.js';
import { expectFloat, ULP } from './expect-float.js';
import { SIZES } from './kernel-cases.js';
import { KernelMemory, someValues } from './kernel-memory.js';

const [w, gradient, z] = [0, 100, 200].map((phase) => someValues(64, phase));
const squares = z.map((x) => Math.fround(x * x));
const [rate, share] = [0.01, 0.3].map(Math.fround);

it.each(SIZES)('a mean of %i weights moves, each operation rounded', (n) => {
  const { fround } = Math;
  const exact = w.slice(0, n).map((a, i) => fround(a + fround(fround(z[i] - a) * share)));
  for (const inPlace of [false, true]) {
    const memory = new KernelMemory();
    const [a, b] = [w, z].map((values) => memory.put(values.slice(0, n)));
    const to = inPlace ? a : memory.room(n);
    memory.kernels.functions.lerp(a, b, memory.put([share]), to, n);
    expect(memory.floats(to, n)).toEqual(exact);
    memory.checkCanaries();
  }
});

const settings = [
  { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  { beta1: 0.95, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 },
  { beta1: 0.5, beta2: 0.5, epsilon: 1e-3, weightDecay: 0 },
];

describe.each(settings)('schedule-free $beta1, $beta2, $weightDecay', (given) => {
  const { beta1, beta2, epsilon, weightDecay } = given;
  it.each([1, 2, 1000])('step %i', (step) => {
    for (const n of SIZES) {
      for (const inPlace of [false, true]) {
        const memory = new KernelMemory();
        const lists = [w, gradient, z, squares].map((values) => values.slice(0, n));
        const from = lists.map((values) => memory.put(values)) as [number, number, number, number];
        const [x, , kept, v] = from;
        const rooms = [memory.room(n), memory.room(n), memory.room(n)];
        const [toX, toZ, toV] = inPlace ? [x, kept, v] : rooms;
        const scalars = [[rate], [step], [share]].map((values) => memory.put(values));
        const [eta, at, part] = scalars;
        const numbers = [beta1, beta2, epsilon, weightDecay, n] as const;
        const to = [toX, toZ, toV] as const;
        memory.kernels.functions.scheduleFreeUpdate(...from, eta, at, part, 0, ...to, ...numbers);
        const [ys, zs, seconds] = to.map((address) => memory.floats(address, n));
        for (let i = 0; i < n; i++) {
          const now = { w: w[i], gradient: gradient[i], z: z[i], second: squares[i] };
          const exact = scheduleFreeReference({ ...now, ...given, rate, step, share });
          // A change of up to 1 / (1 - β2) at rate 0.01, and sums of values of at most 4.
          expectFloat(ys[i], exact.w, { absolute: 8 * ULP }, `w ${i}`);
          expectFloat(zs[i], exact.z, { absolute: 8 * ULP }, `z ${i}`);
          expectFloat(seconds[i], exact.second, { absolute: 6 * ULP }, `second ${i}`);
        }
        memory.checkCanaries();
      }
    }
  });
});

it('scales gradients first, to the same bytes as scaled ones give', () => {
  const factor = Math.fround(0.3);
  const scaled = gradient.map((x) => Math.fround(x * factor));
  const [all, none] = [true, false].map((inside) => {
    const memory = new KernelMemory();
    const lists = [w, inside ? gradient : scaled, z, squares];
    const from = lists.map((values) => memory.put(values)) as [number, number, number, number];
    const [eta, at, part] = [[rate], [2], [share]].map((values) => memory.put(values));
    const scale = inside ? memory.put([factor]) : 0;
    const to = [from[0], from[2], from[3]] as const;
    const numbers = [0.9, 0.99, 1e-8, 0.1, 64] as const;
    memory.kernels.functions.scheduleFreeUpdate(...from, eta, at, part, scale, ...to, ...numbers);
    return to.map((address) => memory.floats(address, 64));
  });
  expect(all).toEqual(none);
});
