import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DTYPES, readSafetensors, SafetensorsError, writeSafetensors } from '../src/index.js';
import type { Dtype, TensorData } from '../src/index.js';
import { ARRAY_TYPES } from '../src/types.js';
import { fileOf } from './file-of.js';

const text = fc.string({ unit: 'binary' });

/** A tensor of any type with random bits, NaN payloads included. */
const tensor: fc.Arbitrary<TensorData> = fc
  .record({
    dtype: fc.constantFrom<Dtype[]>(...DTYPES),
    shape: fc.array(fc.nat(4), { maxLength: 3 }),
    seed: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  })
  .map(({ dtype, shape, seed }) => {
    const ArrayType = ARRAY_TYPES[dtype];
    const count = shape.reduce((product, size) => product * size, 1);
    const bytes = Uint8Array.from({ length: count * ArrayType.BYTES_PER_ELEMENT }, (_, i) =>
      dtype === 'BOOL' ? seed[i % 8] & 1 : seed[i % 8] ^ i,
    );
    return { dtype, shape, data: new ArrayType(bytes.buffer, 0, count) } as TensorData;
  });
const tensors = fc.dictionary(
  fc.oneof(
    text.filter((name) => name !== '__metadata__'),
    fc.constantFrom('__proto__', '1'),
  ),
  tensor,
  { maxKeys: 5 },
);
const metadata = fc.dictionary(text, text, { maxKeys: 3 });

/** The same tensors with their bits laid open: NaN has many. */
function bits(from: Readonly<Record<string, TensorData>>): unknown {
  return Object.entries(from)
    .map(([name, { dtype, shape, data }]) => ({
      name,
      dtype,
      shape,
      bytes: [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Reading ends in a file or in the package's own error; another error is rethrown and fails the test. */
function readOrRefuse(bytes: Uint8Array): 'read' | 'refused' {
  try {
    readSafetensors(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof SafetensorsError) return 'refused';
    throw error;
  }
}

describe('any file', () => {
  it('is read back bit by bit, wherever it lies in memory', () => {
    fc.assert(
      fc.property(tensors, metadata, fc.nat(9), (before, texts, shift) => {
        const file = writeSafetensors(before, texts);
        const memory = new Uint8Array(file.length + shift);
        memory.set(file, shift);
        const after = readSafetensors(memory.subarray(shift));
        expect(bits(after.tensors)).toEqual(bits(before));
        expect(new Map(Object.entries(after.metadata))).toEqual(new Map(Object.entries(texts)));
        expect(writeSafetensors(after.tensors, after.metadata)).toEqual(file);
      }),
    );
  });
  it('is refused when cut off anywhere', () => {
    fc.assert(
      fc.property(tensors, metadata, (before, texts) => {
        const file = writeSafetensors(before, texts);
        for (let length = 0; length < file.length; length++) {
          expect(readOrRefuse(file.subarray(0, length))).toBe('refused');
        }
      }),
      { numRuns: 20 },
    );
  });
  it('is read or refused when a byte is another', () => {
    fc.assert(
      fc.property(tensors, metadata, fc.integer({ min: 1, max: 255 }), (before, texts, flipped) => {
        const file = writeSafetensors(before, texts);
        for (let i = 0; i < file.length; i++) {
          file[i] ^= flipped;
          expect(readOrRefuse(file)).toBeOneOf(['read', 'refused']);
          file[i] ^= flipped;
        }
      }),
      { numRuns: 50 },
    );
  });
});

it('reads or refuses a header of any values', () => {
  const size = fc.oneof(fc.nat(3), fc.constantFrom(-1, 0.5, 1e300, null, '1'));
  const entry = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        dtype: fc.constantFrom<unknown[]>(...DTYPES, 'F8', 8, 'constructor'),
        shape: fc.array(size, { maxLength: 2 }),
        data_offsets: fc.array(size, { maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
  );
  const header = fc.dictionary(fc.constantFrom('x', 'y', '__metadata__', '__proto__'), entry);
  fc.assert(
    fc.property(header, fc.nat(16), (values, dataBytes) => {
      const file = fileOf(JSON.stringify(values), dataBytes);
      expect(readOrRefuse(file)).toBeOneOf(['read', 'refused']);
    }),
    { numRuns: 1000 },
  );
});
