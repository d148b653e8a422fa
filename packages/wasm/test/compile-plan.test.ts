import { describe, expect, it } from 'vitest';
import { Arena } from '../src/compile/plan/arena.js';
import { plan } from '../src/compile/plan/plan.js';
import type { Graph, GraphNode, Value } from '../src/graph/graph.js';
import { stridesOf } from '../src/kernels/tensor-type.js';
import { broadcastForm } from '../src/ops/elementwise.js';
import { asMatrix, permuteSteps } from '../src/ops/transpose.js';

let ids = 0;
const value = (shape: number[], source: Value['source'] = { kind: 'node' }): Value => ({
  id: ids++,
  shape,
  dtype: 'float32',
  source,
});
const node = (kernel: string, inputs: Value[], outputs: Value[]): GraphNode => ({
  kernel,
  names: undefined,
  inputs,
  attrs: {},
  outputs,
});

describe('Arena', () => {
  it('lays blocks side by side, and again where others were freed', () => {
    const arena = new Arena();
    const [a, b, c] = [100, 64, 1].map((bytes) => arena.allocate(bytes));
    expect([a, b, c].map(({ offset }) => offset)).toEqual([0, 128, 192]);
    arena.free(a);
    arena.free(b);
    expect(arena.allocate(192).offset).toBe(0); // the two are neighbours
    expect(arena.bytes).toBe(256);
  });

  it('keeps living blocks apart, whatever comes and goes', () => {
    const arena = new Arena();
    const living: { offset: number; bytes: number }[] = [];
    for (let i = 0; i < 500; i++) {
      if (i % 3 === 2) arena.free(living.splice((i * 7) % living.length, 1)[0]);
      else living.push(arena.allocate(((i * 37) % 11) * 50));
      const sorted = [...living].sort((a, b) => a.offset - b.offset);
      sorted.slice(1).forEach((block, j) => {
        expect(block.offset).toBeGreaterThanOrEqual(sorted[j].offset + sorted[j].bytes);
      });
    }
  });
});

describe('plan', () => {
  it('uses the memory of what is read no more, and of an input of an elementwise operation', () => {
    const x = value([64], { kind: 'input', index: 0 });
    const [a, b, c, d] = [value([64]), value([64]), value([64]), value([64])];
    const graph: Graph = {
      inputs: [x],
      nodes: [
        node('Exp', [x], [a]),
        node('Square', [a], [b]), // in place
        node('Add', [b, x], [c]), // in place
        node('Multiply', [c, c], [d]),
      ],
      assignments: [],
      results: [d],
    };
    const planned = plan(graph);
    expect([x, a, b, c, d].map((item) => planned.placeOf(item))).toEqual([0, 256, 256, 256, 256]);
    expect(planned.arenaBytes).toBe(512);
  });

  it('never overwrites an input, nor what is read later', () => {
    const x = value([64], { kind: 'input', index: 0 });
    const [a, b, c] = [value([64]), value([64]), value([64])];
    const planned = plan({
      inputs: [x],
      nodes: [node('Exp', [x], [a]), node('Square', [a], [b]), node('Add', [a, b], [c])],
      assignments: [],
      results: [c],
    });
    expect(planned.placeOf(a)).not.toBe(planned.placeOf(x));
    expect(planned.placeOf(b)).not.toBe(planned.placeOf(a));
  });
});

describe('broadcastForm', () => {
  it.each([
    [[2, 3], [2, 3], { kind: 'full' }],
    [[], [2, 3], { kind: 'single' }],
    [[1, 1], [2, 3], { kind: 'single' }],
    [[3], [2, 3], { kind: 'row', size: 3 }],
    [[1, 3, 4], [2, 3, 4], { kind: 'row', size: 12 }],
    [[2, 1], [2, 3], { kind: 'column', size: 2 }],
    [[2, 3, 1], [2, 3, 4], { kind: 'column', size: 6 }],
    [[2, 1, 4], [2, 3, 4], { kind: 'other' }],
    [[3, 1], [2, 3, 4], { kind: 'other' }],
  ])('of %j under %j', (operand, output, form) => {
    expect(broadcastForm(value(operand), value(output))).toEqual(form);
  });
});

describe('permuteSteps', () => {
  it('reads each place of a copy with its axes in another order', () => {
    const shape = [2, 3, 4, 5];
    const perm = [2, 0, 3, 1];
    const out = value(perm.map((axis) => shape[axis]));
    const strides = perm.map((axis) => stridesOf(shape)[axis]);
    const steps = permuteSteps({ inputs: [value(shape)], outputs: [out] }, { strides, start: 0 });
    const read = (steps ?? []).flatMap(({ args }) => {
      const [from, , d0, d1, d2, s0, s1, s2] = args.map((arg) =>
        typeof arg === 'object' && 'skip' in arg ? arg.skip / 4 : Number(arg),
      );
      const at: number[] = [];
      for (let i = 0; i < d0; i++)
        for (let j = 0; j < d1; j++)
          for (let k = 0; k < d2; k++) at.push(from + i * s0 + j * s1 + k * s2);
      return at;
    });
    const expected: number[] = [];
    for (let c = 0; c < 4; c++)
      for (let a = 0; a < 2; a++)
        for (let d = 0; d < 5; d++)
          for (let b = 0; b < 3; b++) expected.push(((a * 3 + b) * 4 + c) * 5 + d);
    expect(read).toEqual(expected);
  });

  it('knows a plain matrix', () => {
    expect(asMatrix(value([5, 1, 2, 2]), { strides: [1, 9, 10, 5], start: 0 })).toEqual({
      rows: 4,
      columns: 5,
    });
    expect(asMatrix(value([5, 4]), { strides: [4, 1], start: 0 })).toBeUndefined();
  });
});
