import { CharTokenizer } from '@llm101/data';
import type { LineEnds, Normalization, TextTokenizer, TokenizerFit } from '@llm101/data';
import { namesOf } from './rules.js';

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
interface CharacterSettings {
  readonly alphabet: string;
  readonly normalize?: Normalization | undefined;
}

function characterKind(characters: 'codePoints' | 'graphemes'): TokenizerKind<CharacterSettings> {
  return {
    reads: { alphabet: true, normalize: true },
    type: 'CharTokenizer',
    fit({ alphabet, normalize = 'none' }, lineEnds) {
      const options = { characters, normalize };
      if (alphabet === 'auto') {
        return CharTokenizer.fit({ ...options, lineEnds });
      }
      return {
        push() {},
        end: () =>
          CharTokenizer.fromAlphabet(alphabet, {
            ...options,
            ...(lineEnds === 'characters' && { padding: false }),
          }),
      };
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

/** What {@link fitTokenizer} reads. */
export interface TokenizerSettings extends CharacterSettings {
  /** Default: `characters`. */
  readonly tokenizer?: keyof typeof tokenizerKinds | undefined;
}

/**
 * Makes the tokenizer that the settings name from a text that comes in pieces.
 *
 * @param lineEnds - `separate` where examples are lines, `characters` where they are blocks of one text
 */
export function fitTokenizer(
  settings: TokenizerSettings,
  lineEnds: LineEnds = 'separate',
): TokenizerFit {
  return tokenizerKinds[settings.tokenizer ?? 'characters'].fit(settings, lineEnds);
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
