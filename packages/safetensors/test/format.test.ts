import { describe, expect, it } from 'vitest';
import { DTYPES, readHeader, readSafetensors, writeSafetensors } from '../src/index.js';
import type { TensorData } from '../src/index.js';
import { fileOf } from './file-of.js';

const scalar = (value: number): TensorData => ({
  dtype: 'F32',
  shape: [],
  data: Float32Array.of(value),
});

/** The header's text, without the spaces that fill it up. */
function headerOf(file: Uint8Array): string {
  const length = new DataView(file.buffer).getUint32(0, true);
  return new TextDecoder().decode(file.subarray(8, 8 + length)).trimEnd();
}

describe('the Python library', () => {
  // Written by safetensors 0.8.0 with PyTorch 2.13.0:
  // save({'weight': tensor([[1.5, -2.0], [0.25, 3.0]]), 'steps': tensor([7, -1]),
  //       'mask': tensor([True, False, True])}, metadata={'epoch': '3'})
  const header =
    '{"__metadata__":{"epoch":"3"},"steps":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},' +
    '"weight":{"dtype":"F32","shape":[2,2],"data_offsets":[16,32]},' +
    '"mask":{"dtype":"BOOL","shape":[3],"data_offsets":[32,35]}}       ';
  const data = '0700000000000000ffffffffffffffff0000c03f000000c00000803e00004040010001';
  const prefix = 'd800000000000000';
  const bytes = Uint8Array.from(
    Buffer.from(`${prefix}${Buffer.from(header).toString('hex')}${data}`, 'hex'),
  );
  const tensors = {
    mask: { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) },
    steps: { dtype: 'I64', shape: [2], data: BigInt64Array.of(7n, -1n) },
    weight: { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1.5, -2, 0.25, 3) },
  } as const;

  it('writes bytes that are read as its tensors', () => {
    expect(readSafetensors(bytes)).toEqual({ tensors, metadata: { epoch: '3' } });
  });
  it('would have written the same bytes', () => {
    expect(writeSafetensors(tensors, { epoch: '3' })).toEqual(bytes);
  });
  it('writes a file without tensors as 16 bytes', () => {
    const empty = Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode('{}      '));
    expect(writeSafetensors({})).toEqual(empty);
    expect(readSafetensors(empty)).toEqual({ tensors: {}, metadata: {} });
  });
});

describe('order', () => {
  it('puts larger elements first, as the library does', () => {
    // The order that safetensors 0.8.0 wrote for one tensor of each type.
    const order = 'U64 I64 F64 F32 U32 I32 BF16 F16 U16 I16 I8 U8 BOOL';
    expect(DTYPES.join(' ')).toBe(order);
  });
  it('sorts names by code points, whatever order they come in', () => {
    // Also from the library: "10" is not first, and U+1F600 comes after U+FF5E.
    const names = ['10', 'b', 'z', '\uff5e"\\\n\u007f\u0001é', '😀'];
    const forward = writeSafetensors(Object.fromEntries(names.map((name) => [name, scalar(1)])));
    const backward = writeSafetensors(
      Object.fromEntries(names.toReversed().map((name) => [name, scalar(1)])),
    );
    expect(backward).toEqual(forward);
    const header = headerOf(forward);
    const positions = names.map((name) => header.indexOf(`${JSON.stringify(name)}:`));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(positions).not.toContain(-1);
  });
  it('sorts metadata by key', () => {
    const file = writeSafetensors({}, { z: '1', 10: 'x', a: '2' });
    expect(headerOf(file)).toBe('{"__metadata__":{"10":"x","a":"2","z":"1"}}');
  });
});

describe('memory', () => {
  const file = writeSafetensors({ x: scalar(1), y: scalar(2) });

  it('begins the data at a multiple of 8', () => {
    for (const name of ['', 'a', 'ab', 'abc', 'abcdefgh']) {
      expect(readHeader(writeSafetensors({ [name]: scalar(1) })).tensors[name].begin % 8).toBe(0);
    }
  });
  it('gives views where the elements are aligned', () => {
    const { x, y } = readSafetensors(file).tensors;
    expect(x.data.buffer).toBe(file.buffer);
    expect(y.data.byteOffset).toBe(x.data.byteOffset + 4);
  });
  it('copies where they are not', () => {
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    const { x, y } = readSafetensors(shifted.subarray(1)).tensors;
    expect([x.data[0], y.data[0]]).toEqual([1, 2]);
    expect(x.data.buffer).not.toBe(shifted.buffer);
  });
  it('reads a header of any length', () => {
    const odd = fileOf('{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4);
    expect(odd.length % 4).not.toBe(0);
    expect(readSafetensors(odd).tensors['x']).toEqual({
      dtype: 'F32',
      shape: [1],
      data: Float32Array.of(0),
    });
  });
  it('writes a view of a larger array, and only that', () => {
    const whole = Int16Array.of(1, 2, 3, 4);
    const part = writeSafetensors({ x: { dtype: 'I16', shape: [2], data: whole.subarray(1, 3) } });
    expect(readSafetensors(part).tensors['x'].data).toEqual(Int16Array.of(2, 3));
  });
  it('reads shared memory and Buffers', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(file.length));
    shared.set(file);
    expect(readSafetensors(shared)).toEqual(readSafetensors(file));
    expect(readSafetensors(Buffer.from(file))).toEqual(readSafetensors(file));
  });
});

describe('names', () => {
  it('keeps names that objects inherit apart', () => {
    const names = ['__proto__', 'constructor', 'toString', '', '10'];
    const tensors = Object.fromEntries(names.map((name, i) => [name, scalar(i)]));
    const metadata = Object.fromEntries(names.map((name) => [name, name]));
    const back = readSafetensors(writeSafetensors(tensors, metadata));
    expect(Object.keys(back.tensors).toSorted()).toEqual(names.toSorted());
    expect(names.map((name) => back.tensors[name].data[0])).toEqual([0, 1, 2, 3, 4]);
    expect(names.map((name) => back.metadata[name])).toEqual(names);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
  it('gives undefined for any name that is missing', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensors({ x: scalar(1) }));
    expect([tensors['constructor'], metadata['__proto__']]).toEqual([undefined, undefined]);
  });
});

describe('readHeader', () => {
  it('needs no more than the header', () => {
    const file = writeSafetensors({ x: scalar(1), y: scalar(2) }, { epoch: '3' });
    const header = readHeader(file.subarray(0, file.length - 8));
    const begin = file.length - 8;
    expect(header).toEqual({
      tensors: {
        x: { dtype: 'F32', shape: [], begin, end: begin + 4 },
        y: { dtype: 'F32', shape: [], begin: begin + 4, end: begin + 8 },
      },
      metadata: { epoch: '3' },
      fileBytes: file.length,
    });
  });
});
