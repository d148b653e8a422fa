/** Code points of a text, of which an emoji is one and two UTF-16 code units; of pieces of one, cut anywhere, all together. */
export function countCodePoints(text: string): number {
  let second = 0; // units of a pair that end it
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) second++;
  return text.length - second;
}
