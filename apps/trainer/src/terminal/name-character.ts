/** `'é' (U+00E9)` */
export function nameCharacter(character: string): string {
  const codePoint = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `'${character}' (U+${codePoint})`;
}
