// A cell of long short-term memory against its scalar twin.
import { describe, it } from 'vitest';
import { lstmCellGradientReference, lstmCellReference } from '../src/reference/lstm-cell.js';
import { expectFloat, ULP } from './expect-float.js';
import { SIZES } from './kernel-cases.js';
import { KernelMemory, someValues } from './kernel-memory.js';

describe.each(SIZES.slice(1))('states of %i', (H) => {
  const rows = 3;
  const [x, cell] = [someValues(rows * 4 * H), someValues(rows * H, 80)];
  const operands = { x, cell, rows, H };
  const exact = lstmCellReference(operands);
  const [wide, narrow] = [rows * 4 * H, rows * H];

  it.each([false, true])('follow from sums and cell, in place: %s', (inPlace) => {
    const memory = new KernelMemory();
    const [from, kept] = [memory.put(x), memory.put(cell)];
    const hidden = memory.room(narrow);
    const [next, gates] = inPlace ? [kept, from] : [memory.room(narrow), memory.room(wide)];
    memory.kernels.functions.lstmCell(from, kept, hidden, next, gates, rows, H);
    // Gates are off by 4 ULP, cells near 3 by as much of each product.
    for (const [i, actual] of memory.floats(gates, wide).entries()) {
      expectFloat(actual, exact.gates[i], { absolute: 4 * ULP }, `gate ${i}`);
    }
    for (const [i, actual] of memory.floats(next, narrow).entries()) {
      expectFloat(actual, exact.next[i], { absolute: 20 * ULP }, `cell ${i}`);
    }
    for (const [i, actual] of memory.floats(hidden, narrow).entries()) {
      expectFloat(actual, exact.hidden[i], { absolute: 28 * ULP }, `hidden ${i}`);
    }
    memory.checkCanaries();
  });

  it.each([false, true])('have gradients, in place: %s', (inPlace) => {
    const [dHidden, dNext] = [someValues(narrow, 90), someValues(narrow, 120)];
    const wanted = lstmCellGradientReference(operands, dHidden, dNext);
    const memory = new KernelMemory();
    const [g, c, n] = [exact.gates, cell, exact.next].map((values) => memory.put(values));
    const [byHidden, byNext] = [dHidden, dNext].map((values) => memory.put(values));
    const [dx, dCell] = inPlace ? [g, byNext] : [memory.room(wide), memory.room(narrow)];
    const to = [dx, dCell] as const;
    memory.kernels.functions.lstmCellGradient(g, c, n, byHidden, byNext, ...to, rows, H);
    for (const [i, actual] of memory.floats(dx, wide).entries()) {
      expectFloat(actual, wanted.dx[i], { absolute: 48 * ULP }, `x ${i}`); // products of up to five numbers near 2
    }
    for (const [i, actual] of memory.floats(dCell, narrow).entries()) {
      expectFloat(actual, wanted.dCell[i], { absolute: 48 * ULP }, `cell ${i}`);
    }
    memory.checkCanaries();
  });
});
