import { DataError, encodeText } from '@llm101/data';
import type { EncodedText, TextPieces, TextTokenizer, TokenizerFit } from '@llm101/data';
import type { TokenizedText } from './prepare-data.js';
import { hintsOnCharacters } from './text-hints.js';
import { checkStream } from './text-checks.js';
import type { TokenizerSettings } from './tokenizers.js';

/** How {@link tokenizeText} works. */
export interface TokenizeOptions extends Pick<TokenizerSettings, 'tokenizer' | 'normalize'> {
  /** Encodes the text. Default: `encodeText`, into memory. */
  readonly encode?: (pieces: TextPieces, tokenizer: TextTokenizer) => Promise<EncodedText>;
  /** Called between two ways through the text. */
  readonly onFitted?: () => void;
  /** What to do about a character that isn't in the alphabet. */
  readonly remedy: string;
}

/**
 * A text that is one stream, in tokens. It is read once, or twice where the tokenizer is made from it, and is never in memory as a
 * whole.
 *
 * @param tokenizer - or what makes it, as `fitTokenizer` does
 * @throws DataError when the text can't be read, or has a character that the alphabet lacks
 */
export async function tokenizeText(
  pieces: TextPieces,
  tokenizer: TextTokenizer | TokenizerFit,
  { encode = (text, by) => encodeText(text, by), onFitted, ...options }: TokenizeOptions,
): Promise<TokenizedText> {
  let hints: readonly string[] = [];
  let made: TextTokenizer;
  if ('push' in tokenizer) {
    let first: string | undefined;
    for await (const piece of pieces) {
      first ??= piece;
      tokenizer.push(piece);
    }
    hints = hintsOnCharacters(first ?? '', options);
    made = tokenizer.end();
    onFitted?.();
  } else made = tokenizer;
  const { tokens } = await encode(pieces, made).catch(async (cause: unknown) => {
    if (cause instanceof DataError) await checkPieces(pieces, made, options.remedy);
    throw cause;
  });
  const { name, characters, sha256 } = pieces.summary();
  return { loaded: { name, characters, sha256 }, tokenizer: made, tokens, hints };
}

/** @throws DataError naming the first character that the tokenizer doesn't know */
async function checkPieces(
  pieces: TextPieces,
  tokenizer: TextTokenizer,
  remedy: string,
): Promise<void> {
  const { name } = pieces;
  let line = 1;
  for await (const text of pieces) {
    checkStream({ name, text }, { tokenizer, remedy, line });
    line += text.split('\n').length - 1;
  }
}
