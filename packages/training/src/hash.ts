import { crc32 } from '@llm101/info-theory';

/** A hash of numbers' bits, the same on every machine that is little-endian, as all with WebAssembly are. */
export function hashOf(...arrays: readonly (Float32Array | Int32Array | Uint32Array)[]): string {
  const sums = arrays.map((array) =>
    crc32(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
  );
  const all = crc32(new Uint8Array(Uint32Array.from(sums).buffer));
  return all.toString(16).padStart(8, '0');
}
