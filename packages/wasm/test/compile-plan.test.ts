import { describe, expect, it } from 'vitest';
import { newBlock, place, type Block } from '../src/compile/plan/arena.js';
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

describe('place', () => {
  /** The most that is used at once: no placing takes less. */
  const mostAtOnce = (blocks: readonly Block[]): number => {
    const changes = blocks.flatMap(({ bytes, first, last }) => [
      { at: first, by: bytes },
      { at: last + 0.5, by: -bytes },
    ]);
    let [now, most] = [0, 0];
    for (const { by } of changes.sort((a, b) => a.at - b.at || b.by - a.by)) {
      now += by;
      most = Math.max(most, now);
    }
    return most;
  };
  const overlaps = (blocks: readonly Block[]): number => {
    let count = 0;
    for (const [i, a] of blocks.entries()) {
      for (const b of blocks.slice(0, i)) {
        const atOnce = a.first <= b.last && b.first <= a.last;
        if (atOnce && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes) count++;
      }
    }
    return count;
  };

  it('lays blocks side by side that are used at once, and others in the same place', () => {
    const blocks = [
      newBlock(100, 0, 1),
      newBlock(64, 1, 2),
      newBlock(1, 0, 4),
      newBlock(192, 3, 4),
    ];
    expect(place(blocks, 64)).toBe(320);
    expect(overlaps(blocks)).toBe(0);
    expect(blocks.map(({ bytes }) => bytes)).toEqual([128, 64, 64, 192]);
    expect(blocks[3].offset).toBe(64);
  });

  it.each([300, 3000])('keeps %i blocks apart, in little more than is used at once', (count) => {
    const blocks = Array.from({ length: count }, (_, i) => {
      const first = (i * 7919) % count;
      return newBlock(((i * 37) % 11) * 50, first, first + ((i * 31) % 17) ** 2 / 4);
    });
    const bytes = place(blocks, 0);
    expect(overlaps(blocks)).toBe(0);
    expect(bytes).toBeGreaterThanOrEqual(mostAtOnce(blocks));
    expect(bytes).toBeLessThan(1.4 * mostAtOnce(blocks));
  });

  it('takes no more than is used at once where lives nest, as those of a backward pass do', () => {
    const layers = 40;
    const blocks = Array.from({ length: layers }, (_, i) => [
      newBlock(4096, i, 2 * layers - i),
      newBlock(1024 * (1 + (i % 3)), i, 2 * layers - i),
      newBlock(8192, 2 * layers - i, 2 * layers - i + 1),
    ]).flat();
    expect(place(blocks, 0)).toBe(mostAtOnce(blocks));
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

  it('runs what ends the life of much before what is made of little', () => {
    const x = value([64], { kind: 'input', index: 0 });
    const [a, b, large, other, small] = [
      value([64]),
      value([64]),
      value([4096]),
      value([4096]),
      value([]),
    ];
    const graph: Graph = {
      inputs: [x],
      nodes: [
        { ...node('Tile', [x], [large]), names: ['x'], attrs: { reps: [64] } },
        node('Exp', [x], [a]),
        { ...node('Tile', [a], [other]), names: ['x'], attrs: { reps: [64] } },
        { ...node('Sum', [large], [small]), names: ['x'], attrs: { axis: [0], keepDims: false } },
        node('Add', [x, small], [b]),
      ],
      assignments: [],
      results: [b, other],
    };
    const planned = plan(graph);
    const names = planned.instructions.map(({ writes: [{ id }] }) => id);
    expect(names).toEqual([large, small, a, other, b].map(({ id }) => id));
    expect(planned.placeOf(other)).toBe(planned.placeOf(large));
  });

  it('plans ten times as much in little more than ten times as long', () => {
    // No clock: each instruction and value is looked up, and none searched for.
    const x = value([64], { kind: 'input', index: 0 });
    const nodes: GraphNode[] = [];
    let [last] = [x];
    for (let i = 0; i < 20_000; i++) {
      const next = value([64]);
      nodes.push(node('Add', [last, x], [next]));
      last = next;
    }
    const planned = plan({ inputs: [x], nodes, assignments: [], results: [last] });
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
    const [{ args }] = steps ?? [];
    const [from, , ...sizes] = args.map((arg) =>
      typeof arg === 'object' && 'skip' in arg ? arg.skip / 4 : Number(arg),
    );
    const places = (axis: number, start: number): number[] =>
      axis === 5
        ? [start]
        : Array.from({ length: sizes[axis] }, (_, i) => start + i * sizes[axis + 5]).flatMap(
            (next) => places(axis + 1, next),
          );
    const expected: number[] = [];
    for (let c = 0; c < 4; c++)
      for (let a = 0; a < 2; a++)
        for (let d = 0; d < 5; d++)
          for (let b = 0; b < 3; b++) expected.push(((a * 3 + b) * 4 + c) * 5 + d);
    expect(places(0, from)).toEqual(expected);
    expect(steps).toHaveLength(1);
  });

  it('knows a plain matrix', () => {
    expect(asMatrix(value([5, 1, 2, 2]), { strides: [1, 9, 10, 5], start: 0 })).toEqual({
      rows: 4,
      columns: 5,
    });
    expect(asMatrix(value([5, 4]), { strides: [4, 1], start: 0 })).toBeUndefined();
  });
});
