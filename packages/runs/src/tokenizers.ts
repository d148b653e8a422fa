import { CharTokenizer, type Normalization, type TextTokenizer } from '@llm101/data';
import { namesOf } from './rules.js';

/** A tokenizer, as `--tokenizer` names it. */
interface TokenizerKind<Read> {
  /** The settings that it reads; where only some kinds read a setting, it is refused for the others. */
  readonly reads: Readonly<Record<keyof Read & string, true>>;
  /** Its `type` in JSON. */
  readonly type: string;
  make(settings: Read, lines: readonly string[]): TextTokenizer;
  /** @throws DataError when the JSON isn't that of such a tokenizer */
  fromJSON(json: unknown): TextTokenizer;
}

/** What the kinds of {@link characterKind} read. */
interface CharacterSettings {
  readonly alphabet: string;
  readonly normalize?: Normalization | undefined;
}

function characterKind(characters: 'codePoints' | 'graphemes'): TokenizerKind<CharacterSettings> {
  return {
    reads: { alphabet: true, normalize: true },
    type: 'CharTokenizer',
    make({ alphabet, normalize = 'none' }, lines) {
      const options = { characters, normalize };
      return alphabet === 'auto'
        ? CharTokenizer.fromText(lines, options)
        : CharTokenizer.fromAlphabet(alphabet, options);
    },
    fromJSON: (json) => CharTokenizer.fromJSON(json),
  };
}

/** The tokenizers by name. A new one is a row here. */
export const tokenizerKinds = {
  characters: characterKind('codePoints'),
  /** What a reader takes for a character, which may be several code points. */
  graphemes: characterKind('graphemes'),
} satisfies Readonly<Record<string, TokenizerKind<never>>>;

/** The names of {@link tokenizerKinds}. */
export const tokenizerNames = namesOf(tokenizerKinds);

/** What {@link makeTokenizer} reads. */
export interface TokenizerSettings extends CharacterSettings {
  /** Default: `characters`. */
  readonly tokenizer?: keyof typeof tokenizerKinds | undefined;
}

/** The tokenizer that the settings name, for these lines. */
export function makeTokenizer(
  settings: TokenizerSettings,
  lines: readonly string[],
): TextTokenizer {
  return tokenizerKinds[settings.tokenizer ?? 'characters'].make(settings, lines);
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
