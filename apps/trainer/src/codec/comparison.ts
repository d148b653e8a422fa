import * as zlib from 'node:zlib';
import { ngramEntropies } from '@llm101/info-theory';

/** How small a file gets otherwise. */
export interface Comparison {
  /** Bytes by other programs; zstd where this Node has it. */
  readonly programs: Readonly<Record<string, number>>;
  /**
   * Bytes that the file's own conditional entropies amount to, with 0, 1, 2, 3 bytes before each known. None for what is
   * empty or too large to count.
   */
  readonly entropies: readonly number[];
}

const MOST_KNOWN = 3;
/** Of more bytes n-grams take too much memory. */
const MOST_COUNTED = 2 ** 24;

export function compare(bytes: Uint8Array): Comparison {
  const { BROTLI_PARAM_LGWIN, BROTLI_MAX_WINDOW_BITS } = zlib.constants;
  const brotli = { params: { [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS } }; // quality 11 unless given
  return {
    programs: {
      'gzip -9': zlib.gzipSync(bytes, { level: 9 }).length,
      'brotli -11': zlib.brotliCompressSync(bytes, brotli).length,
      ...zstd(bytes),
    },
    entropies: entropyBytes(bytes),
  };
}

/** Node has it from 22.15 on. */
interface Zstd {
  readonly zstdCompressSync?: (bytes: Uint8Array, options: object) => Uint8Array;
  readonly constants: object & { readonly ZSTD_c_compressionLevel?: number };
}

function zstd(bytes: Uint8Array): Record<string, number> {
  const { zstdCompressSync, constants }: Zstd = zlib;
  const level = constants.ZSTD_c_compressionLevel;
  if (zstdCompressSync === undefined || level === undefined) return {};
  return { 'zstd -19': zstdCompressSync(bytes, { params: { [level]: 19 } }).length };
}

function entropyBytes(bytes: Uint8Array): number[] {
  if (bytes.length === 0 || bytes.length > MOST_COUNTED) return [];
  const options = { size: 256, order: MOST_KNOWN + 1, unit: 'bits' } as const;
  const [, ...entropies] = ngramEntropies([bytes], options);
  return entropies.map((bits) => (bits * bytes.length) / 8);
}
