import { backend_util, engine, tensor, tidy, transpose } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../src/index.js';
import { conv2dBackpropFilter as reference } from '../src/reference/products.js';
import { onBackend } from './on-backend.js';
import { count, values } from './values.js';

type Four = [number, number, number, number];
interface Case {
  readonly x: Four;
  readonly filter: Four;
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid' | number | backend_util.ExplicitPadding;
}

const PADS: Case['pad'][] = [
  'same',
  'valid',
  1,
  [
    [0, 0],
    [0, 0],
    [2, 0],
    [0, 0],
  ], // causal
];

const cases: Case[] = [
  ...[1, 3, 4, 5].flatMap((n) =>
    PADS.map((pad): Case => ({
      x: [n, 1, 5, n],
      filter: [1, 2, n, 3],
      strides: [1, 1],
      pad: fit(pad),
    })),
  ),
  ...PADS.flatMap((pad) =>
    [
      [1, 1],
      [2, 2],
      [3, 3],
      [2, 1],
      [1, 3],
    ].map(([h, w]): Case => ({ x: [2, 7, 6, 3], filter: [3, 2, 3, 5], strides: [h, w], pad })),
  ),
  { x: [0, 4, 4, 2], filter: [2, 2, 2, 3], strides: [1, 1], pad: 'valid' },
  { x: [2, 2, 2, 1], filter: [5, 4, 1, 1], strides: [1, 1], pad: 'same' }, // filter larger than the input
  { x: [2, 1, 3, 2], filter: [1, 3, 2, 4], strides: [1, 4], pad: 'same' },
  { x: [32, 1, 8, 24], filter: [1, 3, 24, 33], strides: [1, 1], pad: 'same' },
];

/** A number pads the height too, which a filter of one row doesn't want. */
function fit(pad: Case['pad']): Case['pad'] {
  return typeof pad === 'number'
    ? [
        [0, 0],
        [0, 0],
        [pad, pad],
        [0, 0],
      ]
    : pad;
}

function run(
  { x, filter, strides, pad }: Case,
  change = (values: Float32Array) => values,
): Tensor[] {
  const { outShape } = backend_util.computeConv2DInfo(x, filter, strides, 1, pad);
  return [
    runKernel(tensor(change(values(count(x))), x), tensor(values(count(outShape), 2), outShape), {
      strides,
      pad,
      dataFormat: 'NHWC',
      filterShape: filter,
    }),
  ];
}

function runKernel(x: Tensor, dy: Tensor, attrs: NamedAttrMap): Tensor {
  const [out] = [engine().runKernel('Conv2DBackpropFilter', { x, dy }, attrs)].flat();
  return out;
}

beforeAll(async () => {
  await startBackend();
});

describe('Conv2DBackpropFilter', () => {
  it.each(cases)(
    'equals the CPU backend for x $x, filter $filter, strides $strides, pad $pad',
    async (given) => {
      const [cpu] = await onBackend('cpu', () => run(given));
      const [wasm] = await onBackend('wasm', () => run(given));
      expect(wasm.shape).toEqual(given.filter);
      // Sums of at most 256 products below 1 in float32, the CPU backend's in double.
      expectClose(wasm.values, cpu.values, { absolute: 3e-6 });
    },
  );

  it.each([NaN, Infinity, -Infinity])('lets %d through to the places it meets', async (special) => {
    const given: Case = { x: [2, 1, 5, 3], filter: [1, 2, 3, 4], strides: [1, 1], pad: 'valid' };
    const change = (plain: Float32Array): Float32Array => {
      plain[4] = special;
      return plain;
    };
    const [cpu] = await onBackend('cpu', () => run(given, change));
    const [wasm] = await onBackend('wasm', () => run(given, change));
    expectClose(wasm.values, cpu.values, { absolute: 3e-6 }); // as above
    expect([...wasm.values].some((value) => !Number.isFinite(value))).toBe(true);
    expect([...wasm.values].some((value) => Number.isFinite(value))).toBe(true);
  });

  it('takes channels first', () => {
    tidy(() => {
      const [x, dy] = [tensor(values(36), [2, 3, 3, 2]), tensor(values(16, 2), [2, 2, 2, 2])];
      const attrs = { strides: [1, 1], pad: 'valid', filterShape: [2, 2, 2, 2] };
      const last = runKernel(x, dy, { ...attrs, dataFormat: 'NHWC' });
      const [toX, toDy] = [x, dy].map((tensor) => transpose(tensor, [0, 3, 1, 2]));
      const first = runKernel(toX, toDy, { ...attrs, dataFormat: 'NCHW' });
      expect([...first.dataSync()]).toEqual([...last.dataSync()]);
    });
  });

  it('refuses a dy of another shape than the output', () => {
    const attrs = { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', filterShape: [2, 2, 1, 1] };
    const x = tensor(values(9), [1, 3, 3, 1]);
    expect(() => runKernel(x, tensor(values(9), [1, 3, 3, 1]), attrs)).toThrow(
      "Conv2DBackpropFilter: dy must have the shape of the convolution's output, [1,2,2,1]; got [1,3,3,1]",
    );
  });
});

describe('its reference', () => {
  it.each(cases)(
    'equals the CPU backend for x $x, filter $filter, $strides, $pad',
    async (given) => {
      const { x, filter, strides, pad } = given;
      const [cpu] = await onBackend('cpu', () => run(given));
      const info = backend_util.computeConv2DInfo(x, filter, strides, 1, pad);
      const out = new Float32Array(count(filter));
      reference(values(count(x)), values(count(info.outShape), 2), info, out);
      // Both add in double precision, in another order, and round once.
      expectClose(out, cpu.values, { absolute: 1e-7, relative: 1.2e-7 });
    },
  );
});
