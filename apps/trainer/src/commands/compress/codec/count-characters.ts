/** Characters of a text in UTF-8, or the bytes of a file that is none. */
export function countCharacters(bytes: Uint8Array): number {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    let characters = 0;
    for (const _ of text) characters++;
    return characters;
  } catch {
    return bytes.length;
  }
}
