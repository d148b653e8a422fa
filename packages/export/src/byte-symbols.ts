// How GPT-2's tokenizer writes bytes as letters, so that tokens can be looked up as text: what prints stands for itself, the rest
// for letters from U+0100 on.

const prints = (byte: number): boolean =>
  (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);

const SYMBOLS: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(prints(byte) ? byte : next++),
  );
})();

/** How a byte is written. */
export const symbolOfByte = (byte: number): string => SYMBOLS[byte];

/** How bytes are written. */
export const symbolsOfBytes = (bytes: Iterable<number>): string =>
  Array.from(bytes, symbolOfByte).join('');
