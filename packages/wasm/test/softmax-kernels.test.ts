// Softmax and its kin against their scalar twins.
import { describe, expect, it } from 'vitest';
import {
  crossEntropyGradientReference,
  crossEntropyReference,
  logSoftmaxReference,
  softmaxReference,
} from '../src/reference/softmax.js';
import { expectFloat, ULP } from './expect-float.js';
import { SIZES, SPECIAL } from './kernel-cases.js';
import { KernelMemory, someValues } from './kernel-memory.js';

/** Rows of one length: usual scores, far apart, all equal, large, with infinities, with NaN. */
function rowsOf(n: number): number[][] {
  const usual = someValues(n, 3);
  return [
    usual,
    usual.map((x) => Math.fround(20 * x)),
    usual.map(() => 7),
    usual.map((x) => Math.fround(1e37 * x)),
    usual.map((x, i) => (i % 2 === 0 ? x : -Infinity)),
    usual.map((x, i) => (i === n - 1 ? NaN : x)),
    usual.map((_, i) => SPECIAL[i % SPECIAL.length]),
    usual.map((x) => Math.fround(1e-40 * x)),
  ];
}

/** How far softmax may be off: its sum is rounded n / 4 times, and e^x in as many steps of x as x has. */
const steps = (n: number, distance: number): number =>
  8 + n / 8 + (Number.isFinite(distance) ? Math.abs(distance) : 0);

describe.each(SIZES)('rows of %i', (n) => {
  const x = rowsOf(n);
  const rows = x.length;
  const given = { x: x.flat(), rows, n };
  const distances = x.flatMap((row) => row.map((value) => value - Math.max(...row)));
  const targets = x.map((_, i) => (n === 0 ? 0 : (i * 5) % n));

  it('softmax, in place too', () => {
    const exact = softmaxReference(given);
    for (const inPlace of [false, true]) {
      const memory = new KernelMemory();
      const from = memory.put(given.x);
      const to = inPlace ? from : memory.room(rows * n);
      memory.kernels.functions.softmax(from, to, rows, n);
      for (const [i, actual] of memory.floats(to, rows * n).entries()) {
        expectFloat(actual, exact[i], steps(n, distances[i]), `softmax ${i}`);
      }
      memory.checkCanaries();
    }
  });

  it('log-softmax, in place too', () => {
    const exact = logSoftmaxReference(given);
    for (const inPlace of [false, true]) {
      const memory = new KernelMemory();
      const from = memory.put(given.x);
      const to = inPlace ? from : memory.room(rows * n);
      memory.kernels.functions.logSoftmax(from, to, rows, n);
      for (const [i, actual] of memory.floats(to, rows * n).entries()) {
        // ln of a sum that is off by n / 8 steps, and two differences, each rounded
        const bound = (Math.abs(distances[i]) + 4 + n / 8) * ULP;
        expectFloat(actual, exact[i], { absolute: bound }, `log-softmax ${i}`);
      }
      memory.checkCanaries();
    }
  });

  it('cross-entropy and its gradient', () => {
    const memory = new KernelMemory();
    const { functions } = memory.kernels;
    const [losses, probabilities] = [memory.room(rows), memory.room(rows * n)];
    const at = memory.put(targets, 'int32');
    functions.softmaxCrossEntropy(memory.put(given.x), at, losses, probabilities, rows, n);
    const exact = crossEntropyReference(given, targets);
    for (const [i, loss] of memory.floats(losses, rows).entries()) {
      const distance = Math.abs(distances[i * n + targets[i]]);
      expectFloat(loss, exact[i], { absolute: (distance + 4 + n / 8) * ULP }, `loss ${i}`);
    }
    const p = memory.floats(probabilities, rows * n);
    for (const [i, share] of softmaxReference(given).entries()) {
      expectFloat(p[i], share, steps(n, distances[i]), `probability ${i}`);
    }
    const dLosses = someValues(rows, 8);
    const by = memory.put(dLosses);
    const to = memory.room(rows * n);
    functions.softmaxCrossEntropyGradient(probabilities, at, by, to, rows, n);
    const gradient = crossEntropyGradientReference({ x: p, rows, n }, targets, dLosses);
    for (const [i, actual] of memory.floats(to, rows * n).entries()) {
      expectFloat(actual, gradient[i], 1.5, `gradient ${i}`); // a difference and a product
    }
    functions.softmaxCrossEntropyGradient(probabilities, at, by, probabilities, rows, n);
    expect(memory.floats(probabilities, rows * n)).toEqual(memory.floats(to, rows * n));
    memory.checkCanaries();
  });
});

it('a target out of range has the loss NaN, and nothing is written for it', () => {
  const memory = new KernelMemory();
  const { functions } = memory.kernels;
  const targets = memory.put([-1, 3, 2 ** 31 - 1, 2], 'int32');
  const [losses, p, to] = [memory.room(4), memory.room(12), memory.room(12)];
  const x = memory.put(someValues(12));
  functions.softmaxCrossEntropy(x, targets, losses, p, 4, 3);
  expect(memory.floats(losses, 4).map(Number.isNaN)).toEqual([true, true, true, false]);
  functions.softmaxCrossEntropyGradient(p, targets, memory.put([1, 1, 1, 1]), to, 4, 3);
  expect(memory.floats(to, 9)).toEqual(memory.floats(p, 9));
  memory.checkCanaries();
});
