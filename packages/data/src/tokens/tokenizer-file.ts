import type { TokenizerFile } from './bpe/tokenizer-json.js';
import { BpeTokenizer } from './bpe-tokenizer.js';
import { BytesTokenizer } from './bytes-tokenizer.js';
import { readCharacterFile, writeCharacterFile } from './char-tokenizer-file.js';
import { CharTokenizer } from './char-tokenizer.js';
import type { TextTokenizer } from './tokenizer.js';

/**
 * A tokenizer as the `tokenizer.json` of Hugging Face, whose library then encodes as it does: BPE as it is, bytes as byte-level BPE
 * without merges, characters as words of a character each.
 *
 * @throws TypeError for a tokenizer of another class
 */
export function toTokenizerFile(tokenizer: TextTokenizer): TokenizerFile {
  if (tokenizer instanceof BpeTokenizer || tokenizer instanceof BytesTokenizer) {
    return tokenizer.toTokenizerFile();
  }
  if (tokenizer instanceof CharTokenizer) return writeCharacterFile(tokenizer);
  throw new TypeError(
    'toTokenizerFile: the tokenizer must be one of characters, bytes or BPE; got another',
  );
}

/**
 * The tokenizer of a `tokenizer.json` of Hugging Face: byte-level BPE with GPT-2's splitting rule, or characters as
 * {@link toTokenizerFile} writes them.
 *
 * @param json - parsed JSON from any source
 * @throws DataError when it is another, saying what isn't supported
 */
export function fromTokenizerFile(json: unknown): BpeTokenizer | CharTokenizer {
  const { model }: { model?: unknown } = { ...Object(json) };
  const { type }: { type?: unknown } = { ...Object(model) };
  return type === 'WordLevel' ? readCharacterFile(json) : BpeTokenizer.fromTokenizerFile(json);
}
