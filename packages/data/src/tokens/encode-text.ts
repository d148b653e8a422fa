import { lineEncoder } from './line-encoder.js';
import { memorySink, tokenChunks, type TokenSink, type TokenSource } from './token-source.js';
import type { LineEnds, TextTokenizer } from './tokenizer.js';

/** How long a text is. */
export interface TextSize {
  /** Code points. */
  readonly characters: number;
  /** Bytes in UTF-8. */
  readonly bytes: number;
}

/** A text as tokens, and its length. With normalisation and unknown characters it is that of the text that the tokens stand for. */
export interface EncodedText extends TextSize {
  readonly tokens: TokenSource;
}

/** Options of {@link encodeText}. */
export interface EncodeTextOptions {
  /**
   * With `'separate'`, lines are texts of their own: those that aren't empty have padding before them, the last one after it too, and
   * line ends have no tokens. Padding is then an end, of a character and a byte. Default: `'characters'`.
   */
  readonly lineEnds?: LineEnds;
  /** Called after each piece, with what there is by then. */
  readonly onProgress?: (so: TextSize & { readonly tokens: number }) => void;
  /** Ends the work; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** A text, or pieces of one that are cut anywhere. */
export type TextSource = string | Iterable<string> | AsyncIterable<string>;

/**
 * Encodes a text that comes in pieces, in one pass, into memory: 1, 2 or 4 bytes a token, as the vocabulary asks for.
 * `encodeToFile` of `@llm101/data/node` writes a file in place of it.
 *
 * @throws DataError when a character isn't known, or reading the text fails
 * @throws RangeError when the tokenizer gives a number that is no token
 */
export async function encodeText(
  text: TextSource,
  tokenizer: TextTokenizer,
  options: EncodeTextOptions = {},
): Promise<EncodedText> {
  const sink = memorySink(tokenizer.vocabSize);
  const { characters, bytes } = await encodeInto(sink, text, tokenizer, options);
  return { tokens: sink.end(), characters, bytes };
}

/** Encodes a text as {@link encodeText} does, into what takes in tokens. */
export async function encodeInto(
  sink: TokenSink,
  text: TextSource,
  tokenizer: TextTokenizer,
  { onProgress, signal, lineEnds = 'characters' }: EncodeTextOptions,
): Promise<TextSize> {
  const isOfLines = lineEnds === 'separate';
  const encoder = isOfLines ? lineEncoder(tokenizer) : tokenizer.pieces();
  const sizes = tokenSizes(tokenizer, isOfLines ? tokenizer.paddingIndex : undefined);
  const first = isOfLines ? -1 : 0; // the padding before the first line ends none
  const so = { tokens: 0, characters: first, bytes: first };
  const push = (tokens: Int32Array): void => {
    sink.push(tokens);
    addSizes(so, tokens, sizes);
    so.tokens += tokens.length;
  };
  for await (const piece of typeof text === 'string' ? [text] : text) {
    signal?.throwIfAborted();
    push(encoder.push(piece));
    onProgress?.({ ...so });
  }
  push(encoder.end());
  return so;
}

/** How long the text is that some tokens stand for, such as the end of a text that is held out. */
export function textSize(tokens: TokenSource, tokenizer: TextTokenizer): TextSize {
  const sizes = tokenSizes(tokenizer);
  const size = { characters: 0, bytes: 0 };
  for (const chunk of tokenChunks(tokens)) addSizes(size, chunk, sizes);
  return size;
}

/** `[V]` each. A character of several tokens is counted at the token that has its first byte. */
interface TokenSizes {
  readonly characters: Int32Array;
  readonly bytes: Int32Array;
  /** Whether each is 1, as in a text of ASCII characters. */
  readonly areOne: boolean;
}

/** @param end - a token that stands for a line end */
function tokenSizes(tokenizer: TextTokenizer, end?: number): TokenSizes {
  const { vocabSize: length } = tokenizer;
  const bytes = new Int32Array(length).fill(1);
  const characters = Int32Array.from({ length }, (_, token) => {
    if (token === end) return 1;
    const utf8 = tokenizer.bytesOf(token);
    bytes[token] = utf8.length;
    return utf8.reduce((n, byte) => n + ((byte & 0xc0) === 0x80 ? 0 : 1), 0);
  });
  const areOne = characters.every((n, token) => n === 1 && bytes[token] === 1);
  return { characters, bytes, areOne };
}

function addSizes(
  size: { characters: number; bytes: number },
  tokens: Int32Array,
  { characters, bytes, areOne }: TokenSizes,
): void {
  let moreCharacters = areOne ? tokens.length : 0;
  let moreBytes = moreCharacters;
  for (let i = moreBytes; i < tokens.length; i++) {
    moreCharacters += characters[tokens[i]];
    moreBytes += bytes[tokens[i]];
  }
  size.characters += moreCharacters;
  size.bytes += moreBytes;
}
