/** What counts as a character: a code point, or what a reader takes for one, such as a letter with its accents. */
export type CharacterUnit = 'codePoints' | 'graphemes';

/** Whether a text is composed first: `nfc`, so that a letter and its accent are one code point where there is one. */
export type Normalization = 'none' | 'nfc';

/** How a text becomes characters. */
export interface CharacterRules {
  readonly characters: CharacterUnit;
  readonly normalize: Normalization;
}

/** A step that a text in pieces goes through; `T` is what it makes of a piece. */
export interface TextStage<T> {
  /** What of the text is decided by now. */
  push(text: string): T;
  /** The rest; then it is at the beginning of another text. */
  end(): T;
}

/**
 * UTF-16 code units that are held back at most. A run of marks or a character of joined ones that is longer is cut there, in a whole
 * text as in one that comes in pieces; no script has such.
 */
const MOST = 4096;

/** The text as its characters are taken from. */
export function normalized(text: string, normalize: Normalization): string {
  if (normalize === 'none') return text;
  const stage = normalizing(normalize);
  return stage.push(text) + stage.end();
}

/**
 * The characters of a text, in their order.
 *
 * Graphemes are extended grapheme clusters, by the Unicode version of the engine.
 *
 * Source: Unicode Standard Annex #29, https://www.unicode.org/reports/tr29/
 *
 * @throws RangeError where the engine has no `Intl.Segmenter`
 */
export function splitCharacters(
  text: string,
  { characters, normalize }: CharacterRules,
): Iterable<string> {
  const composed = normalized(text, normalize);
  if (characters === 'codePoints') return composed;
  const stage = graphemes();
  return [...stage.push(composed), ...stage.end()];
}

/** A text that comes in pieces, composed where that is asked for. Pieces don't end within a surrogate pair. */
export function normalizing(normalize: Normalization): TextStage<string> {
  return normalize === 'nfc' ? composing() : wholeCodePoints();
}

function wholeCodePoints(): TextStage<string> {
  let held = '';
  return {
    push(text) {
      const all = held + text;
      held = endsInHalf(all) ? all.slice(-1) : '';
      return held === '' ? all : all.slice(0, -1);
    },
    end() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}

const endsInHalf = (text: string): boolean =>
  (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800;

/**
 * What may change when it is composed with what is before it: marks, and vowels and final consonants of Hangul and of Kirat Rai. Before
 * all others a text can be cut.
 *
 * Source: Unicode Standard Annex #15, https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
 */
const COMPOSING = '\\p{M}\\u1160-\\u11ff\\ud7b0-\\ud7ff\\u{16d63}\\u{16d67}-\\u{16d6a}';
const COMPOSES = new RegExp(`^[${COMPOSING}]`, 'u');
const LONG_RUN = new RegExp(`[${COMPOSING}]{${MOST / 4}}`, 'u');
/** A character and what may be composed with it. */
const COMPOSED = new RegExp(`[^${COMPOSING}]?[${COMPOSING}]{0,${MOST / 4}}`, 'gsu');

function composing(): TextStage<string> {
  const whole = wholeCodePoints();
  let held = '';
  function compose(text: string, isEnd: boolean): string {
    const all = held + text;
    let units: string[];
    if (LONG_RUN.test(all)) units = all.match(COMPOSED) ?? [];
    else {
      const cut = lastCut(all);
      units = [all.slice(0, cut), all.slice(cut)];
    }
    units = units.filter((unit) => unit !== '');
    held = isEnd ? '' : (units.pop() ?? '');
    return units.map((unit) => unit.normalize('NFC')).join('');
  }
  return {
    push: (text) => compose(whole.push(text), false),
    end: () => compose(whole.end(), true),
  };
}

/** Where the last character begins that isn't composed with what is before it. */
function lastCut(text: string): number {
  let at = text.length;
  while (at > 0) {
    at -= at > 1 && (text.codePointAt(at - 2) ?? 0) > 0xffff ? 2 : 1;
    if (!COMPOSES.test(text.slice(at, at + 2))) break;
  }
  return at;
}

/** UTF-16 code units that are segmented at a time: V8 takes time in proportion to the square. */
const WINDOW = 64;
const [CARRIAGE_RETURN, LINE_FEED] = [0x0d, 0x0a];

/** Graphemes of a text that comes in pieces: the last one may continue in the next piece. */
export function graphemes(): TextStage<string[]> {
  let held = '';
  function split(text: string, isEnd: boolean): string[] {
    const found: string[] = [];
    const all = held + text;
    let at = 0;
    while (at < all.length) {
      const [code, next] = [all.charCodeAt(at), all.charCodeAt(at + 1)];
      const isLineEnd = code === CARRIAGE_RETURN && next === LINE_FEED;
      // nothing joins two characters of ASCII but a line end
      if (isLineEnd || (code < 0x80 && next < 0x80)) {
        found.push(isLineEnd ? '\r\n' : all[at]);
        at += isLineEnd ? 2 : 1;
      } else at = cutGraphemes(all, at, found);
    }
    held = isEnd ? '' : (found.pop() ?? '');
    return found;
  }
  return { push: (text) => split(text, false), end: () => split('', true) };
}

/** Adds the graphemes from `at` on to a list, as far as a window shows them whole; returns where the next one begins. */
function cutGraphemes(text: string, at: number, found: string[]): number {
  for (let width = WINDOW; ; width *= 2) {
    const isHalf = (text.charCodeAt(at + width - 1) & 0xfc00) === 0xd800;
    const part = text.slice(at, at + width + (isHalf ? 1 : 0));
    const segments = Array.from(segmenter().segment(part), ({ segment }) => segment);
    // the last one may continue after the window
    if (at + part.length < text.length && segments.length > 1) segments.pop();
    else if (at + part.length < text.length && width < MOST) continue;
    for (const segment of segments) {
      found.push(segment);
      at += segment.length;
    }
    return at;
  }
}

let shared: Intl.Segmenter | undefined;

function segmenter(): Intl.Segmenter {
  if (!('Segmenter' in Intl)) {
    throw new RangeError(
      "CharTokenizer: graphemes need Intl.Segmenter, which this engine lacks; update it, or set characters: 'codePoints'",
    );
  }
  shared ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return shared;
}

/** Symbols for the end of a line; the first that isn't a character of the text is taken. */
const END_SYMBOLS = ['.', '_', '·', '¶', '␃'];

/** How the end is written where each of these is a character: longer than any character, so that no text has it. */
const END_NAME = '<end>';

/** A symbol for the end of a line that is none of some characters. */
export function endSymbolFor(characters: { has(character: string): boolean }): string {
  return END_SYMBOLS.find((symbol) => !characters.has(symbol)) ?? END_NAME;
}
