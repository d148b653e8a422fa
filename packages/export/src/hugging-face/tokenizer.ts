import { BpeTokenizer, BytesTokenizer, CharTokenizer, type TextTokenizer } from '@llm101/data';
import { ExportError } from '../errors.js';
import { symbolOfByte } from '../byte-symbols.js';

/** A token that no text has. */
interface AddedToken {
  readonly id: number;
  readonly content: string;
}

/**
 * A tokenizer as `tokenizer.json` of Hugging Face's library: characters as words of a character, bytes as byte-level BPE without
 * merges, BPE as it is.
 *
 * @throws ExportError for a tokenizer of another class
 */
export function tokenizerFile(tokenizer: TextTokenizer): object {
  if (tokenizer instanceof BpeTokenizer) return tokenizer.toTokenizerFile();
  if (tokenizer instanceof BytesTokenizer) return bytesFile(tokenizer);
  if (tokenizer instanceof CharTokenizer) return charactersFile(tokenizer);
  throw new ExportError(
    'Hugging Face: the tokenizer must be one of characters, bytes or BPE; got another',
  );
}

function charactersFile(tokenizer: CharTokenizer): object {
  const { special, characters, normalize, vocabSize, unknown } = tokenizer;
  const symbols = Array.from({ length: vocabSize }, (_, token) => tokenizer.decode([token]));
  const pattern = { Regex: characters === 'graphemes' ? '\\X' : '[\\s\\S]' };
  return fileOf({
    added: special.map((content, id) => ({ id, content })),
    normalize,
    pre_tokenizer: { type: 'Split', pattern, behavior: 'Isolated', invert: false },
    decoder: { type: 'Fuse' },
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(symbols.map((symbol, token) => [symbol, token])),
      unk_token: unknown === 'token' ? tokenizer.decode(tokenizer.encode('\u{10FFFF}')) : '',
    },
  });
}

function bytesFile(tokenizer: BytesTokenizer): object {
  const { padding, normalize } = tokenizer;
  const first = padding === undefined ? 0 : 1;
  const byteLevel = { type: 'ByteLevel', trim_offsets: true, use_regex: true };
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => [symbolOfByte(byte), byte + first] as const,
  );
  return fileOf({
    added: padding === undefined ? [] : [{ id: 0, content: padding }],
    normalize,
    pre_tokenizer: { ...byteLevel, add_prefix_space: false },
    decoder: { ...byteLevel, add_prefix_space: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries([...(padding === undefined ? [] : [[padding, 0]]), ...bytes]),
      merges: [],
    },
  });
}

interface FileParts {
  readonly added: readonly AddedToken[];
  readonly normalize: 'none' | 'nfc';
  readonly pre_tokenizer: object;
  readonly decoder: object;
  readonly model: object;
}

function fileOf({ added, normalize, ...parts }: FileParts): object {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added.map((token) => ({ ...token, ...flags, special: true })),
    normalizer: normalize === 'nfc' ? { type: 'NFC' } : null,
    post_processor: null,
    ...parts,
  };
}
