/**
 * Characters that move the cursor, command a terminal, reorder a line, end it, or can't be seen: control characters (C1's
 * too), bidirectional controls, separators of lines and paragraphs, zero-width characters, byte order marks, tags,
 * interlinear annotations, lone surrogates.
 */
const DOES_SOMETHING = String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]`;

/** Scripts that need joiners between or after letters. */
const JOINING = ['Arab', 'Syrc', 'Mong', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu']
  .concat(['Knda', 'Mlym', 'Sinh', 'Khmr', 'Mymr'])
  .map((script) => String.raw`\p{sc=${script}}`)
  .join('');

/** What people write with such characters, each ending in one: it stays. */
const WRITTEN = [
  String.raw`[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]\u200D(?=\p{Extended_Pictographic})`,
  String.raw`[${JOINING}][\u200C\u200D]`,
  String.raw`[^\p{Default_Ignorable_Code_Point}\p{C}\p{Z}]\p{Variation_Selector}`,
].join('|');

const UNSEEN = new RegExp(`${DOES_SOMETHING}(?<!${WRITTEN})`, 'gu');

/**
 * A text that comes from elsewhere (a file, a server, a command line), as one line that a terminal only shows: in place of
 * each character that would do something else stands a picture of it, `␛` for an escape and `␊` for a line break, or its
 * number, `\u{202e}`. Text without such characters stays as it is.
 */
export function printable(text: string): string {
  return text.replaceAll(UNSEEN, picture);
}

/** Where Unicode's pictures of the control characters U+0000 to U+001F begin; that of U+007F stands apart. */
const PICTURES = 0x2400;

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(PICTURES + code);
  return code === 0x7f ? '␡' : `\\u{${code.toString(16)}}`;
}

/**
 * A value as indented JSON that a terminal only shows. Characters that would do something else are escaped, so that whoever
 * parses it gets the value as it was; a number that JSON lacks is the string `"NaN"`, `"Infinity"` or `"-Infinity"`.
 */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, withEveryNumber, 2)
    .split('\n') // the only line breaks are those of the indentation
    .map((line) => line.replaceAll(UNSEEN, jsonEscape))
    .join('\n');
}

const withEveryNumber = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

function jsonEscape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
