/** Each byte as a character of a string, for keys. */
export const LATIN: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  String.fromCharCode(byte),
);

/** Bytes that GPT-2 writes as themselves: what is visible in Latin-1. */
const isVisible = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

/**
 * How GPT-2's vocabulary writes each byte: those that aren't visible as characters from U+0100 on, so that a space is `Ġ`.
 *
 * Source: `bytes_to_unicode` of https://github.com/openai/gpt-2
 */
const BYTE_SYMBOLS: readonly string[] = makeSymbols();

function makeSymbols(): string[] {
  let next = 0x100;
  return LATIN.map((character, byte) =>
    isVisible(byte) ? character : String.fromCharCode(next++),
  );
}

/** The bytes in the order of their symbols, in which Hugging Face numbers them. */
export const BYTES_IN_ORDER: readonly number[] = Array.from(
  { length: 256 },
  (_, byte) => byte,
).sort((a, b) => BYTE_SYMBOLS[a].charCodeAt(0) - BYTE_SYMBOLS[b].charCodeAt(0));

const BYTES: ReadonlyMap<string, number> = new Map(
  BYTE_SYMBOLS.map((symbol, byte) => [symbol, byte]),
);

/** The bytes that a token of a vocabulary stands for; `undefined` where it has a character that is no byte's. */
export function bytesOfSymbols(token: string): Uint8Array | undefined {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const byte = BYTES.get(token[i]);
    if (byte === undefined) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}

/** Bytes as the vocabulary of byte-level BPE writes them, each as a character: a space as `Ġ`. */
export const symbolsOfBytes = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => BYTE_SYMBOLS[byte]).join('');
