/** Text to token numbers and back. */
export interface Tokenizer {
  /** How many tokens there are; tokens are 0 … `vocabSize - 1`. */
  readonly vocabSize: number;
  /** The token that fills a short context and ends a line. No text encodes to it. */
  readonly paddingIndex: number;
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

/** A tokenizer that also says which texts it knows, and is saved with a model. */
export interface TextTokenizer extends Tokenizer {
  /** The characters that it knows, in the order of their tokens; empty where it knows all. */
  readonly alphabet: string;
  /** How the padding token is written: a symbol that no text has. */
  readonly padding: string;
  /** The characters of a text as it counts them, normalised as it does. */
  split(text: string): string[];
  /** The first character of a text that is not in the alphabet; `undefined` if all are. */
  firstUnknown(text: string): UnknownCharacter | undefined;
  /** All that makes it; two tokenizers are the same if their JSON is. `type` names the class. */
  toJSON(): { readonly type: string };
}
