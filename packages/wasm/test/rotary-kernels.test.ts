// Positions as rotations against their scalar twin.
import { describe, it } from 'vitest';
import { rotaryReference } from '../src/reference/rotary-positions.js';
import { expectFloat, ULP } from './expect-float.js';
import { KernelMemory, someValues } from './kernel-memory.js';

const cases = [
  { rows: 1, heads: 1, d: 2 },
  { rows: 6, heads: 2, d: 6 },
  { rows: 4, heads: 3, d: 8 },
  { rows: 9, heads: 1, d: 32 },
].flatMap(({ rows, heads, d }) => [false, true].map((back) => ({ rows, heads, d, back })));

describe.each(cases)('$rows rows, $heads heads of $d, back $back', ({ rows, heads, d, back }) => {
  it.each([
    ['a position for each row', (i: number) => (i * 7) % 5, rows],
    ['as many rows again', (i: number) => i, Math.ceil(rows / 2)],
  ] as const)('%s', (_, place, count) => {
    const length = 10;
    const angles = Array.from({ length }, (_, p) => someValues(d / 2, p));
    const rotations = angles.flatMap((row) => row.map(Math.cos).concat(row.map(Math.sin)));
    const x = someValues(rows * heads * d);
    const positions = Array.from({ length: count }, (_, i) => place(i));
    const table = rotations.map(Math.fround);
    const exact = rotaryReference({ x, positions, rotations: table, rows, heads, d, back });
    for (const inPlace of [false, true]) {
      const memory = new KernelMemory();
      const [from, turns] = [memory.put(x), memory.put(table)];
      const to = inPlace ? from : memory.room(x.length);
      const sizes = [rows, count, heads, d, back ? 1 : 0] as const;
      memory.kernels.functions.rotate(from, memory.put(positions, 'int32'), turns, to, ...sizes);
      for (const [i, actual] of memory.floats(to, x.length).entries()) {
        expectFloat(actual, exact[i], { absolute: 6 * ULP }, `${i}`); // three roundings of values up to 4
      }
      memory.checkCanaries();
    }
  });
});
