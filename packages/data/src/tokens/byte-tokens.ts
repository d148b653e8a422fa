import type { PieceDecoder, TextTokenizer } from './tokenizer.js';

/** Tokens that stand for bytes. */
export interface ByteTokens {
  /** The bytes of a token. @throws RangeError for a number that is none */
  bytesOf(token: number): Uint8Array;
  /** Whether a token stands between texts, so that no character goes across it. */
  isSpecial(token: number): boolean;
}

/** Decodes tokens that stand for bytes of UTF-8, of which U+FFFD takes the place where they are invalid. */
export function decoderOf(tokens: ByteTokens): PieceDecoder {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    push(some) {
      let text = '';
      let bytes: number[] = [];
      const flush = (): void => {
        text += utf8.decode(Uint8Array.from(bytes), { stream: true });
        bytes = [];
      };
      for (const token of some) {
        const own = tokens.bytesOf(token);
        if (tokens.isSpecial(token)) {
          flush();
          text += utf8.decode() + new TextDecoder('utf-8', { ignoreBOM: true }).decode(own);
          continue;
        }
        for (const byte of own) bytes.push(byte);
        if (bytes.length >= 4096) flush();
      }
      flush();
      return text;
    },
    end: () => utf8.decode(),
  };
}

/** How each token of a text is written: its characters where it has whole ones, else its bytes, as `<0xE2>`. */
export function writeTokens(
  tokens: Iterable<number>,
  known: Pick<TextTokenizer, 'bytesOf'>,
): string[] {
  return Array.from(tokens, (token) => {
    const bytes = known.bytesOf(token);
    try {
      return new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(bytes);
    } catch {
      return Array.from(bytes, hex).join('');
    }
  });
}

const hex = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
