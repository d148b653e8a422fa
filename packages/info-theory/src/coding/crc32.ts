type Table = Int32Array;

/** `TABLES[k][b]`: the effect of byte b on the sum, k bytes later. */
const TABLES = makeTables();

function makeTables(): readonly [Table, Table, Table, Table] {
  const t0 = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    return crc;
  });
  const oneLater = (t: Table): Table => t.map((crc) => (crc >>> 8) ^ t0[crc & 0xff]);
  const t1 = oneLater(t0);
  const t2 = oneLater(t1);
  return [t0, t1, t2, oneLater(t2)];
}

/**
 * The CRC-32 of bytes that zip, gzip and PNG use, as an unsigned number. It detects every change of up to 32
 * consecutive bits, and all but one in 2^32 of random others; it protects from accidents, not from intent.
 *
 * Four bytes at a time: 40 kB take about 40 µs.
 *
 * Source: ISO 3309; RFC 1952, section 8; "slicing by 4" from Kounavis and Berry (2008), "Novel Table Lookup-Based
 * Algorithms for High-Performance CRC Generation".
 *
 * @param before - the CRC-32 of the bytes that precede these, for a sum in pieces; default: 0, none precede
 */
export function crc32(values: ArrayLike<number>, before = 0): number {
  const bytes = values instanceof Uint8Array ? values : new Uint8Array(values);
  const [t0, t1, t2, t3] = TABLES;
  const end = bytes.length - (bytes.length % 4);
  let crc = before ^ 0xffffffff;
  for (let i = 0; i < end; i += 4) {
    const word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    const x = crc ^ word;
    crc = t3[x & 0xff] ^ t2[(x >>> 8) & 0xff] ^ t1[(x >>> 16) & 0xff] ^ t0[x >>> 24];
  }
  for (let i = end; i < bytes.length; i++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[i]) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}
