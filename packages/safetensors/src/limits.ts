/** Bytes before the header: its length, an unsigned 64-bit number, little-endian. */
export const PREFIX_BYTES = 8;

/** The longest header that the format allows, in bytes. */
export const MAX_HEADER_BYTES = 100_000_000;

/** The header's name for what isn't a tensor. */
export const METADATA_KEY = '__metadata__';
