/** Characters that move the cursor, command a terminal, reorder or end a line, or can't be seen. */
const DOES_SOMETHING =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/gu;

/** A text that comes from elsewhere as one line that a terminal only shows: in place of what does something else stands its number. */
export function printable(text: string): string {
  return text.replaceAll(
    DOES_SOMETHING,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
