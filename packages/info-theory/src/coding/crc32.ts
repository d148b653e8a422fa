/** The remainders of all bytes, for the reflected polynomial 0xedb88320. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  }
  return remainder;
});

/**
 * The 32-bit checksum that gzip and PNG use. It finds each change of up to 32 bits in a row, and all but one in 2^32 of
 * other ones by chance; it protects from accidents, not from intent.
 *
 * Source: ISO 3309; RFC 1952, section 8.
 */
export function crc32(bytes: ArrayLike<number>): number {
  let remainder = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    remainder = TABLE[(remainder ^ bytes[i]) & 0xff] ^ (remainder >>> 8);
  }
  return (remainder ^ 0xffffffff) >>> 0;
}
