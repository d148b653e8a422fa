/** A text as one line that does nothing to a terminal: line breaks become spaces, control characters are spelled out. */
export function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, spell);
}

function spell(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
