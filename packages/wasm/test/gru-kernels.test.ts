// A gated recurrent unit's cell against its scalar twin.
import { describe, it } from 'vitest';
import { gruCellGradientReference, gruCellReference } from '../src/reference/gru-cell.js';
import { expectFloat, ULP } from './expect-float.js';
import { SIZES } from './kernel-cases.js';
import { KernelMemory, someValues } from './kernel-memory.js';

describe.each(SIZES.slice(1))('states of %i', (H) => {
  const rows = 3;
  const [input, hidden] = [0, 40].map((phase) => someValues(rows * 3 * H, phase));
  const [state, dy] = [80, 90].map((phase) => someValues(rows * H, phase));
  const operands = { input, hidden, state, rows, H };
  const exact = gruCellReference(operands);

  it('follow from products and state', () => {
    const memory = new KernelMemory();
    const [x, h, s] = [input, hidden, state].map((values) => memory.put(values));
    const [next, gates] = [memory.room(rows * H), memory.room(rows * 3 * H)];
    memory.kernels.functions.gruCell(x, h, s, next, gates, rows, H);
    // A gate is off by 4 ULP and by a quarter of its argument's error, values near 2 by as much.
    for (const [i, actual] of memory.floats(next, rows * H).entries()) {
      expectFloat(actual, exact.next[i], { absolute: 24 * ULP }, `next ${i}`);
    }
    for (const [i, actual] of memory.floats(gates, rows * 3 * H).entries()) {
      expectFloat(actual, exact.gates[i], { absolute: 12 * ULP }, `gate ${i}`);
    }
    memory.checkCanaries();
  });

  it('have gradients', () => {
    const wanted = gruCellGradientReference(operands, dy);
    const memory = new KernelMemory();
    const [g, h, s, by] = [exact.gates, hidden, state, dy].map((values) => memory.put(values));
    const [wide, narrow] = [rows * 3 * H, rows * H];
    const [dInput, dHidden, dState] = [wide, wide, narrow].map((n) => memory.room(n));
    const to = [dInput, dHidden, dState] as const;
    memory.kernels.functions.gruCellGradient(g, h, s, by, ...to, rows, H);
    for (const [address, values] of [
      [dInput, wanted.dInput],
      [dHidden, wanted.dHidden],
      [dState, wanted.dState],
    ] as const) {
      for (const [i, actual] of memory.floats(address, values.length).entries()) {
        expectFloat(actual, values[i], { absolute: 32 * ULP }, `${i}`); // products of up to four numbers near 2
      }
    }
    memory.checkCanaries();
  });
});
