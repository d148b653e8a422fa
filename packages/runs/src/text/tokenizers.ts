import { BpeTokenizer, BytesTokenizer, CharTokenizer, fromTokenizerFile } from '@llm101/data';
import type { LineEnds, Normalization, TextTokenizer, TokenizerFit } from '@llm101/data';
import { TextError } from '../errors.js';
import { namesOf } from '../rules.js';
import { type ExamplesName, lineEndsOf } from './examples-name.js';

/** A tokenizer, as `--tokenizer` names it. */
interface TokenizerKind<Read> {
  /** The settings that it reads; where only some kinds read a setting, it is refused for the others. */
  readonly reads: Readonly<Record<keyof Read & string, true>>;
  /** Its `type` in JSON. */
  readonly type: string;
  /** Makes it from the text, which comes in pieces. */
  fit(settings: Read, lineEnds: LineEnds): TokenizerFit;
  /** @throws DataError when the JSON isn't that of such a tokenizer */
  fromJSON(json: unknown): TextTokenizer;
}

/** What the kinds of {@link characterKind} read. */
interface CharacterSettings extends NormalizationSettings {
  readonly alphabet: string;
}

/** What all kinds read. */
interface NormalizationSettings {
  readonly normalize?: Normalization | undefined;
}

/** What the kind `bpe` reads. */
interface BpeSettings extends NormalizationSettings {
  readonly vocabSize: number;
}

/** A fit that needs no text. */
const made = (tokenizer: TextTokenizer): TokenizerFit => ({ push() {}, end: () => tokenizer });

function characterKind(characters: 'codePoints' | 'graphemes'): TokenizerKind<CharacterSettings> {
  return {
    reads: { alphabet: true, normalize: true },
    type: 'CharTokenizer',
    fit({ alphabet, normalize = 'none' }, lineEnds) {
      const options = { characters, normalize };
      if (alphabet === 'auto') return CharTokenizer.fit({ ...options, lineEnds });
      const padding = lineEnds === 'characters' ? false : undefined;
      return made(CharTokenizer.fromAlphabet(alphabet, { ...options, padding }));
    },
    fromJSON: (json) => CharTokenizer.fromJSON(json),
  };
}

const bytes: TokenizerKind<NormalizationSettings> = {
  reads: { normalize: true },
  type: 'BytesTokenizer',
  fit({ normalize = 'none' }, lineEnds) {
    const padding = lineEnds === 'characters' ? { padding: false as const } : {};
    return made(new BytesTokenizer({ normalize, ...padding }));
  },
  fromJSON: (json) => BytesTokenizer.fromJSON(json),
};

const bpe: TokenizerKind<BpeSettings> = {
  reads: { vocabSize: true, normalize: true },
  type: 'BpeTokenizer',
  fit: ({ vocabSize, normalize = 'none' }, lineEnds) =>
    BpeTokenizer.fit({ vocabSize, normalize, lineEnds }),
  fromJSON: (json) => BpeTokenizer.fromJSON(json),
};

/** The tokenizers by name. A new one is a row here. */
export const tokenizerKinds = {
  characters: characterKind('codePoints'),
  /** What a reader takes for a character, which may be several code points. */
  graphemes: characterKind('graphemes'),
  /** Of UTF-8. */
  bytes,
  /** Parts of words, learned from the text. */
  bpe,
} satisfies Readonly<Record<string, TokenizerKind<never>>>;

/** The names of {@link tokenizerKinds}. */
export const tokenizerNames = namesOf(tokenizerKinds);

/** What {@link fitTokenizer} reads. */
export interface TokenizerSettings extends CharacterSettings, BpeSettings {
  /** Default: `characters`. */
  readonly tokenizer?: keyof typeof tokenizerKinds | undefined;
  /** Where a tokenizer is that is taken instead; whoever reads files opens it. */
  readonly tokenizerFile?: string | undefined;
  readonly examples: ExamplesName;
}

/** Makes the tokenizer that the settings name from a text that comes in pieces, whatever their `tokenizerFile` is. */
export function fitTokenizer(settings: TokenizerSettings): TokenizerFit {
  const kind = tokenizerKinds[settings.tokenizer ?? 'characters'];
  return kind.fit(settings, lineEndsOf(settings.examples));
}

/**
 * The tokenizer of a run, or what makes it from the text: one that is given is taken as it is.
 *
 * @param given - the tokenizer of `tokenizerFile`, by {@link openTokenizer}, or that of a model, by `fitInitial`
 * @throws DataError when it can't begin and end lines, and examples are lines
 * @throws RangeError when there is a `tokenizerFile` and none is given
 */
export function tokenizerFor(
  settings: TokenizerSettings,
  given?: TextTokenizer | TokenizerFit,
): TextTokenizer | TokenizerFit {
  if (given === undefined) {
    if (settings.tokenizerFile === undefined) return fitTokenizer(settings);
    throw new RangeError(
      `tokenizerFor: given must be the tokenizer of ${settings.tokenizerFile}; got none; open it by openTokenizer`,
    );
  }
  if ('push' in given || settings.examples === 'blocks' || given.paddingIndex === 0) return given;
  throw new TextError(
    `lines need a tokenizer whose token 0 begins and ends them; this one has ${given.paddingIndex === undefined ? 'no such token' : `number ${given.paddingIndex} for that`}; ` +
      'read the text as one stream, by --examples blocks',
    { keys: ['tokenizerFile', 'examples'] },
  );
}

/** How {@link openTokenizer} reads a file. */
export interface OpenTokenizerOptions extends NormalizationSettings {
  readonly lineEnds: LineEnds;
}

/**
 * The tokenizer of a file: a `vocab.json`, which has a number for each character, or Hugging Face's `tokenizer.json`.
 *
 * @param json - parsed JSON from any source
 * @throws DataError when it is neither, saying what is wrong or not supported
 */
export function openTokenizer(
  json: unknown,
  { lineEnds, normalize = 'none' }: OpenTokenizerOptions,
): TextTokenizer {
  const { model, type }: { model?: unknown; type?: unknown } = { ...Object(json) };
  if (typeof type === 'string') return parseTokenizer(json);
  if (typeof model !== 'object') return CharTokenizer.fromVocab(json, { lineEnds, normalize });
  const tokenizer = fromTokenizerFile(json);
  if (normalize !== tokenizer.normalize && normalize === 'nfc') {
    throw new TextError(
      'tokenizer.json: its normalizer must be NFC for --normalize nfc; it has none; leave out --normalize',
      { keys: ['normalize', 'tokenizerFile'] },
    );
  }
  return tokenizer;
}

/**
 * Reads a tokenizer that was saved with a model.
 *
 * @throws DataError when the JSON isn't that of a known tokenizer
 */
export function parseTokenizer(json: unknown): TextTokenizer {
  const { type }: { type?: unknown } = { ...Object(json) };
  const kinds: readonly TokenizerKind<never>[] = Object.values(tokenizerKinds);
  const kind = kinds.find((known) => known.type === type) ?? tokenizerKinds.characters;
  return kind.fromJSON(json);
}
