// A gated activation against its scalar twin.
import { describe, it } from 'vitest';
import {
  gatedActivationGradientReference,
  gatedActivationReference,
} from '../src/reference/gated-activation.js';
import { expectFloat, ULP } from './expect-float.js';
import { SIZES } from './kernel-cases.js';
import { KernelMemory, someValues } from './kernel-memory.js';

describe.each(SIZES.slice(1))('%i values and gates', (C) => {
  const rows = 3;
  const x = someValues(rows * 2 * C);
  const operands = { x, rows, C };
  const exact = gatedActivationReference(operands);

  it.each([false, true])('in place: %s', (inPlace) => {
    const memory = new KernelMemory();
    const from = memory.put(x);
    const y = memory.room(rows * C);
    const factors = inPlace ? from : memory.room(rows * 2 * C);
    memory.kernels.functions.gatedActivation(from, y, factors, rows, C);
    // Factors of at most 1 that are off by 4 steps.
    for (const [i, actual] of memory.floats(y, rows * C).entries()) {
      expectFloat(actual, exact.y[i], { absolute: 9 * ULP }, `y ${i}`);
    }
    for (const [i, actual] of memory.floats(factors, rows * 2 * C).entries()) {
      expectFloat(actual, exact.factors[i], { absolute: 4 * ULP }, `factor ${i}`);
    }
    memory.checkCanaries();
  });

  it.each([false, true])('the gradient, in place: %s', (inPlace) => {
    const dy = someValues(rows * C, 40);
    const wanted = gatedActivationGradientReference(operands, dy);
    const memory = new KernelMemory();
    const [factors, by] = [memory.put(exact.factors), memory.put(dy)];
    const dx = inPlace ? factors : memory.room(rows * 2 * C);
    memory.kernels.functions.gatedActivationGradient(factors, by, dx, rows, C);
    for (const [i, actual] of memory.floats(dx, rows * 2 * C).entries()) {
      expectFloat(actual, wanted[i], { absolute: 12 * ULP }, `${i}`); // a slope up to 2, a few roundings
    }
    memory.checkCanaries();
  });
});
