/** Text to token numbers and back. */
export interface Tokenizer {
  /** How many tokens there are; tokens are 0 … `vocabSize - 1`. */
  readonly vocabSize: number;
  /**
   * The token that begins, ends and fills a line; no text encodes to it. `undefined` where there is none: such a tokenizer is for
   * blocks of one text, not for lines.
   */
  readonly paddingIndex: number | undefined;
  /** The tokens of a text. */
  encode(text: string): Int32Array;
  /** The text of tokens. */
  decode(tokens: Iterable<number>): string;
}

/** A character that is not in an alphabet. */
export interface UnknownCharacter {
  /** As the tokenizer counts them: a code point, or more. */
  readonly character: string;
  /** How many characters are before it. */
  readonly index: number;
}

/** Encodes a text that comes in pieces, cut anywhere, to the tokens that the whole text has. */
export interface PieceEncoder {
  /** The tokens that are decided by now; what a later piece may change is held back, a bounded part of the text. */
  push(text: string): Int32Array;
  /** The tokens of what was held back. The encoder is then at the beginning of another text. */
  end(): Int32Array;
}

/** Decodes tokens that come one after the other. A character's first half is held back until the rest comes. */
export interface PieceDecoder {
  /** The text of these tokens as far as it is whole. */
  push(tokens: Iterable<number>): string;
  /** What was held back, as U+FFFD. */
  end(): string;
}

/** Makes a tokenizer for a text that comes in pieces, cut anywhere. */
export interface TokenizerFit<T extends TextTokenizer = TextTokenizer> {
  /** Takes in a piece of the text. */
  push(text: string): void;
  /** @throws DataError when the text has no tokenizer, such as an empty one */
  end(): T;
}

/** Whether line ends part texts, so that they are no characters themselves, or are characters of one text. */
export type LineEnds = 'separate' | 'characters';

/** A tokenizer that also says which texts it knows, and is saved with a model. */
export interface TextTokenizer extends Tokenizer {
  /** The characters that it knows, in the order of their tokens; empty where it knows all. */
  readonly alphabet: string;
  /** How the padding token is written: a symbol that no text has. `undefined` where there is none. */
  readonly padding: string | undefined;
  /** How each token of a text is written: a character, or several; a byte that is none by itself as `<0xE2>`. */
  split(text: string): string[];
  /** The bytes in UTF-8 that a token stands for, which may be a part of a character. */
  bytesOf(token: number): Uint8Array;
  /** The first character of a text that is not in the alphabet; `undefined` if all are. */
  firstUnknown(text: string): UnknownCharacter | undefined;
  /** Encodes a text in pieces. */
  pieces(): PieceEncoder;
  /** Decodes tokens as they come. */
  decoder(): PieceDecoder;
  /** All that makes it; two tokenizers are the same if their JSON is. `type` names the class. */
  toJSON(): { readonly type: string };
}
