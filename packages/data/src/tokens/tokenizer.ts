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
