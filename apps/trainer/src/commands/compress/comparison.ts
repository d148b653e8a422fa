import * as zlib from 'node:zlib';
import { byteEntropies } from '@llm101/inference';

/** How small a file gets by other means. */
export interface Comparison {
  /** Bytes by other programs; zstd where this Node has it. */
  readonly programs: Readonly<Record<string, number>>;
  /**
   * Bytes by the file's conditional entropies, with 0, 1, 2 and 3 bytes before each known. Empty for a file that is empty
   * or too large to count.
   */
  readonly entropies: readonly number[];
}

export function compare(bytes: Uint8Array): Comparison {
  const { BROTLI_PARAM_LGWIN, BROTLI_MAX_WINDOW_BITS } = zlib.constants;
  const brotli = { params: { [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS } }; // quality 11 by default
  return {
    programs: {
      'gzip -9': zlib.gzipSync(bytes, { level: 9 }).length,
      'brotli -11': zlib.brotliCompressSync(bytes, brotli).length,
      ...zstd(bytes),
    },
    entropies: byteEntropies(bytes),
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
