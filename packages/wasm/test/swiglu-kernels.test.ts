// Values that gates let pass against their scalar twins.
import { describe, it } from 'vitest';
import { swigluGradientReference, swigluReference } from '../src/reference/swiglu.js';
import { expectFloat, ULP } from './expect-float.js';
import { SIZES, SPECIAL } from './kernel-cases.js';
import { KernelMemory, someValues } from './kernel-memory.js';

describe.each(SIZES)('%i gated values', (n) => {
  const gate = someValues(n).map((x, i) => Math.fround(x * [0.1, 1, 5, 30][i % 4]));
  const [x, dy] = [someValues(n, 40), someValues(n, 80)];

  it.each([false, true])('in place: %s', (inPlace) => {
    const memory = new KernelMemory();
    const [g, value] = [gate, x].map((values) => memory.put(values));
    const to = inPlace ? g : memory.room(n);
    memory.kernels.functions.swiglu(g, value, to, n);
    for (const [i, actual] of memory.floats(to, n).entries()) {
      // A sigmoid off by 4 steps, two roundings.
      const size = Math.abs(gate[i] * x[i]);
      expectFloat(actual, swigluReference(gate[i], x[i]), { absolute: size * 6 * ULP }, `${i}`);
    }
    memory.checkCanaries();
  });

  it.each([false, true])('the gradients, in place: %s', (inPlace) => {
    const memory = new KernelMemory();
    const [g, value, slope] = [gate, x, dy].map((values) => memory.put(values));
    const [dGate, dX] = inPlace ? [slope, g] : [memory.room(n), memory.room(n)];
    memory.kernels.functions.swigluGradient(g, value, slope, dGate, dX, n);
    const [gates, values] = [dGate, dX].map((address) => memory.floats(address, n));
    for (let i = 0; i < n; i++) {
      const exact = swigluGradientReference(gate[i], x[i], dy[i]);
      const size = Math.abs(dy[i]) * (1 + Math.abs(gate[i])) * 16 * ULP;
      expectFloat(gates[i], exact.dGate, { absolute: size * Math.abs(x[i]) }, `gate ${i}`);
      expectFloat(values[i], exact.dX, { absolute: size }, `value ${i}`);
    }
    memory.checkCanaries();
  });
});

it('what is no number, or infinite, is what the formula gives', () => {
  const memory = new KernelMemory();
  const n = SPECIAL.length;
  const [gate, x, to] = [memory.put(SPECIAL), memory.put(SPECIAL.map(() => 2)), memory.room(n)];
  memory.kernels.functions.swiglu(gate, x, to, n);
  for (const [i, actual] of memory.floats(to, n).entries()) {
    const exact = swigluReference(Math.fround(SPECIAL[i]), 2);
    expectFloat(actual, exact, { absolute: Math.abs(SPECIAL[i]) * 12 * ULP }, `${SPECIAL[i]}`);
  }
});
