import { CharTokenizer, type TextTokenizer } from '@llm101/data';
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

/** Symbols for the end of a line; the first that isn't in the alphabet is taken. */
const PADDINGS = ['.', '_', '·', '¶', '␃'];

const characters: TokenizerKind<{ readonly alphabet: string }> = {
  reads: { alphabet: true },
  type: 'CharTokenizer',
  make({ alphabet }, lines) {
    const used = alphabet === 'auto' ? lines.join('') : alphabet;
    const padding = PADDINGS.find((symbol) => !used.includes(symbol));
    const options = padding === undefined ? {} : { padding };
    return alphabet === 'auto'
      ? CharTokenizer.fromText(lines, options)
      : CharTokenizer.fromAlphabet(alphabet, options);
  },
  fromJSON: (json) => CharTokenizer.fromJSON(json),
};

/** The tokenizers by name. A new one is a row here. */
export const tokenizerKinds = { characters } satisfies Readonly<
  Record<string, TokenizerKind<never>>
>;

/** The names of {@link tokenizerKinds}. */
export const tokenizerNames = namesOf(tokenizerKinds);

/** What {@link makeTokenizer} reads. */
export interface TokenizerSettings {
  /** Default: `characters`. */
  readonly tokenizer?: keyof typeof tokenizerKinds | undefined;
  readonly alphabet: string;
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
  const kind = kinds.find((known) => known.type === type) ?? characters;
  return kind.fromJSON(json);
}
