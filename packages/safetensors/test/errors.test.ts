import { describe, expect, it } from 'vitest';
import { readHeader, readSafetensors, SafetensorsError, writeSafetensors } from '../src/index.js';
import type { TensorData } from '../src/index.js';
import { fileOf } from './file-of.js';

const entry = (fields: object): string =>
  JSON.stringify({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...fields } });
const tensor = (begin: number, end: number): object => ({
  dtype: 'U8',
  shape: [end - begin],
  data_offsets: [begin, end],
});

describe('a malformed file', () => {
  it.each<[string, Uint8Array, string]>([
    ['is empty', new Uint8Array(0), 'a file has at least 8 bytes; got 0; the file is truncated'],
    [
      'ends within the header',
      fileOf(entry({})).subarray(0, 30),
      'the header ends at byte 62 but the file has 30 bytes; the file is truncated, write it again',
    ],
    [
      'ends within a tensor',
      fileOf(entry({}), 5),
      'tensor "x" ends at byte 70 but the file has 67 bytes; the file is truncated, write it again',
    ],
    [
      'continues after its tensors',
      fileOf(entry({}), 9),
      'the tensors end at byte 70 but the file has 71 bytes; cut',
    ],
    [
      'is something else',
      new TextEncoder().encode('<!doctype html>'),
      'the header may have 100000000 bytes; the first 8 bytes say 8104636974849335612',
    ],
    ['has no header', fileOf(''), 'the header must begin with "{"; got no header'],
    ['begins with a space', fileOf(' {}'), 'the header must begin with "{"; got " "'],
    ['begins with a byte order mark', fileOf('\ufeff{}'), 'must begin with "{"; got "\ufeff"'],
    ['has a list for a header', fileOf('[]'), 'must begin with "{"; got "["'],
    ['is no JSON', fileOf('{"x": }'), 'the header is not JSON ('],
    ['has a NUL after its header', fileOf('{}\0'), 'the header is not JSON ('],
    ['names a tensor twice', fileOf('{"x": 1, "\\u0078": 2}'), 'holds the key "x" twice'],
    [
      'names a field twice',
      fileOf('{"a": {"shape": []}, "x": {"shape" : [], "dtype": "x", "shape": []}}'),
      'holds the key "shape" twice in one object',
    ],
    ['has a number for a tensor', fileOf('{"x": 1}'), 'tensor "x" must be an object; got 1'],
    ['has a name that is no Unicode', fileOf('{"\\ud800": {}}'), "has a name that isn't Unicode"],
    [
      'has an unknown dtype',
      fileOf(entry({ dtype: 'F8_E4M3' }), 8),
      'tensor "x" has dtype "F8_E4M3"; known are U64, I64, F64',
    ],
    [
      'has the name of a method for a dtype',
      fileOf(entry({ dtype: 'toString' }), 8),
      'tensor "x" has dtype "toString"',
    ],
    ['has no dtype', fileOf('{"x": {}}'), 'tensor "x" has dtype undefined; known are'],
    ['has no shape', fileOf(entry({ shape: null }), 8), 'tensor "x" must have a shape of whole'],
    [
      'has a negative size',
      fileOf(entry({ shape: [-2] }), 8),
      'must have a shape of whole numbers',
    ],
    ['has a fraction for a size', fileOf(entry({ shape: [0.5] }), 8), 'got [0.5]'],
    ['has an immense shape', fileOf(entry({ shape: [2 ** 40, 2 ** 40] }), 8), 'is below 2^53'],
    ['has no offsets', fileOf('{"x":{"dtype":"U8","shape":[]}}'), 'must have data_offsets [begin'],
    [
      'has three offsets',
      fileOf(entry({ data_offsets: [0, 8, 9] }), 8),
      'must have data_offsets [begin, end] with begin <= end; got [0, 8, 9]',
    ],
    [
      'has offsets reversed',
      fileOf(entry({ data_offsets: [8, 0] }), 8),
      'begin <= end; got [8, 0]',
    ],
    [
      'has too few bytes for a shape',
      fileOf(entry({ shape: [3, 1] }), 8),
      'tensor "x" is F32 of shape [3, 1], 12 bytes, but has 8 bytes; write the file again',
    ],
    [
      'overlaps',
      fileOf(JSON.stringify({ x: tensor(0, 4), y: tensor(3, 6) }), 6),
      'tensor "y" begins at byte 116 but the data before it ends at byte 117; tensors must not overlap',
    ],
    [
      'has a hole',
      fileOf(JSON.stringify({ y: tensor(5, 6), x: tensor(0, 4) }), 6),
      'tensor "y" begins at byte 118 but the data before it ends at byte 117; tensors must not leave a hole',
    ],
    ['has a hole first', fileOf(JSON.stringify({ x: tensor(1, 2) }), 2), 'leave a hole'],
    ['has a list for metadata', fileOf('{"__metadata__": []}'), '__metadata__ must be an object'],
    [
      'has a number in its metadata',
      fileOf('{"__metadata__": {"epoch": 3}}'),
      '__metadata__ maps strings to strings; under "epoch" it holds 3',
    ],
  ])('that %s', (_name, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(SafetensorsError);
    expect(() => readSafetensors(bytes)).toThrow(`safetensors: `);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });
  it('that is not UTF-8', () => {
    const bytes = fileOf('{"é":1}');
    bytes[11] = 0x20;
    expect(() => readSafetensors(bytes)).toThrow('safetensors: the header is not UTF-8');
  });
  it.each<[string, string, string]>([
    ['lists', `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'nests deeper than 3 levels'],
    ['objects', `${'{"a":'.repeat(4)}1${'}'.repeat(4)}`, 'nests deeper than 3 levels'],
    ['an unclosed list', `{"x":[[["`, 'nests deeper than 3 levels'],
    ['empty objects', `{"x":[${'{},'.repeat(2_000_000)}{}]}`, 'holds more than 2000000 values'],
    ['numbers', `{"x":[${'1,'.repeat(2_000_000)}1]}`, 'holds more than 2000000 values'],
    [
      'sizes',
      entry({ shape: Array.from({ length: 65 }, () => 1), data_offsets: [0, 4] }),
      'may have 64 sizes',
    ],
    [
      'entries',
      `{${Array.from({ length: 100_001 }, (_, i) => `"${i}":1`).join()}}`,
      'may name 100000',
    ],
    ['letters', `{"${'n'.repeat(1001)}":1}`, 'a name of 1000 characters; got 1001'],
    [
      'a minus',
      entry({ shape: [-0] }).replace('[0]', '[-0]'),
      'must have a shape of whole numbers',
    ],
    ['an open string', '{"x', 'is not JSON'],
    ['a wrong escape', '{"\\x":1,"\\x":1}', 'is not JSON'],
  ])('that has too much: %s', (_name, header, message) => {
    expect(() => readSafetensors(fileOf(header))).toThrow(SafetensorsError);
    expect(() => readSafetensors(fileOf(header))).toThrow(message);
  });
  it('of 16,000,000 nested objects is refused at the fourth, before anything is made of it', () => {
    const unit = new TextEncoder().encode('{"a":');
    const file = fileOf('');
    const header = new Uint8Array(8 + 16_000_000 * unit.length);
    for (let i = 8; i < header.length; i += unit.length) header.set(unit, i);
    header.set(file);
    new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
    const before = process.memoryUsage().heapUsed;
    expect(() => readSafetensors(header)).toThrow('the header nests deeper than 3 levels');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(3 * header.length);
  });
  it('is distinct from a wrong argument', () => {
    const buffer: unknown = new ArrayBuffer(8);
    expect(() => readHeader(buffer as Uint8Array)).toThrow(TypeError);
    expect(() => readHeader(buffer as Uint8Array)).toThrow('wrap an ArrayBuffer as new Uint8Array');
  });
  it('is not one whose empty tensors share a place', () => {
    const empty = tensor(2, 2);
    const bytes = fileOf(
      JSON.stringify({ a: tensor(2, 3), b: empty, c: tensor(0, 2), d: empty }),
      3,
    );
    expect(readSafetensors(bytes).tensors['d'].data).toHaveLength(0);
  });
});

describe('writeSafetensors', () => {
  const of = (fields: object): Record<string, TensorData> => ({
    x: { dtype: 'F32', shape: [2], data: new Float32Array(2), ...fields },
  });
  it.each<[Record<string, TensorData>, ErrorConstructor, string]>([
    [of({ dtype: 'F8' }), TypeError, 'tensor "x": dtype must be one of U64, I64, F64, F32'],
    [of({ data: new Float64Array(2) }), TypeError, 'tensor "x": F32 is held in a Float32Array'],
    [of({ data: [1, 2] }), TypeError, 'tensor "x": F32 is held in a Float32Array'],
    [
      of({ shape: [3, 1] }),
      RangeError,
      'shape [3, 1] must have as many elements as the data; the data has 2',
    ],
    [of({ shape: [-1, -2] }), RangeError, 'shape [-1, -2] must have as many elements'],
    [
      of({ dtype: 'BOOL', data: Uint8Array.of(1, 2) }),
      RangeError,
      'a BOOL is 0 or 1; element 1 is 2',
    ],
    [{ __metadata__: of({})['x'] }, RangeError, 'the format keeps this name for metadata'],
    [{ '\ud800': of({})['x'] }, RangeError, 'a name must be Unicode'],
  ])('refuses %o', (tensors, error, message) => {
    expect(() => writeSafetensors(tensors)).toThrow(error);
    expect(() => writeSafetensors(tensors)).toThrow(message);
  });
  it('refuses metadata that is not text', () => {
    const metadata = { epoch: 3 } as unknown;
    expect(() => writeSafetensors({}, metadata as Record<string, string>)).toThrow(
      'metadata "epoch" must be a string; got number; write it as JSON.stringify(value)',
    );
    expect(() => writeSafetensors({}, { a: '\udc00' })).toThrow(RangeError);
  });
  it('refuses what it could not read', () => {
    const sizes = Array.from({ length: 65 }, () => 1);
    const one = { dtype: 'U8', shape: [1], data: new Uint8Array(1) } as const;
    expect(() => writeSafetensors({ x: { ...one, shape: sizes } })).toThrow('a shape 64 sizes');
    expect(() => writeSafetensors({ ['n'.repeat(1001)]: one })).toThrow('a name may have 1000');
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`t${i}`, one]));
    expect(() => writeSafetensors(many)).toThrow('fewer than 100000 tensors; got 100000');
    delete many['t0'];
    expect(Object.keys(readSafetensors(writeSafetensors(many)).tensors)).toHaveLength(99_999);
  });
  it('refuses a header of more than 100 MB', () => {
    expect(() => writeSafetensors({}, { a: 'x'.repeat(100_000_000) })).toThrow(
      'the header may have 100000000 bytes, got 100000032',
    );
  });
});
