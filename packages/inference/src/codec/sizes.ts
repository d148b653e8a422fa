const MOST_KNOWN = 3;
/** The sorted n-grams of more bytes would take more than 256 MB. */
const MOST_COUNTED = 2 ** 26;

/**
 * The bytes that a file would take by its conditional entropies, with 0, 1, 2 and 3 bytes before each known. Empty for a file that is empty
 * or too large to count, above 64 MB.
 */
export function byteEntropies(bytes: Uint8Array): number[] {
  if (bytes.length === 0 || bytes.length > MOST_COUNTED) return [];
  return Array.from({ length: MOST_KNOWN + 1 }, (_, known) => conditionalBytes(bytes, known));
}

/**
 * `Σ N(c) ln N(c) - Σ N(g) ln N(g)` over contexts `c` and the n-grams `g` that are one byte longer, as in `ngramEntropies`.
 * By sorting: a tree of a few random megabytes takes gigabytes and minutes.
 */
function conditionalBytes(bytes: Uint8Array, known: number): number {
  const ngrams = new Uint32Array(Math.max(bytes.length - known, 0));
  for (let i = 0; i < ngrams.length; i++) {
    for (let j = i; j <= i + known; j++) ngrams[i] = (ngrams[i] << 8) | bytes[j];
  }
  ngrams.sort();
  return (bitsOfRuns(ngrams, 8) - bitsOfRuns(ngrams, 0)) / 8;
}

/** `Σ N log2 N` over how often each number occurs, its last bits left out. */
function bitsOfRuns(sorted: Uint32Array, bitsLeftOut: number): number {
  let sum = 0;
  for (let start = 0, i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] >>> bitsLeftOut === sorted[start] >>> bitsLeftOut) continue;
    sum += (i - start) * Math.log2(i - start);
    start = i;
  }
  return sum;
}

/** Bytes whose text is decoded at once: an engine has no longer strings than some 500 million characters. */
const PIECE = 2 ** 24;

/** Characters of a text in UTF-8; bytes of any other file. */
export function countCharacters(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let characters = 0;
  try {
    for (let start = 0; start < bytes.length; start += PIECE) {
      const end = Math.min(start + PIECE, bytes.length);
      decoder.decode(bytes.subarray(start, end), { stream: end < bytes.length });
      for (let i = start; i < end; i++) if ((bytes[i] & 0xc0) !== 0x80) characters++;
    }
    return characters;
  } catch {
    return bytes.length;
  }
}
