/**
 * Something is wrong with the data itself, not with the call: a missing file, a failed download, a character
 * outside the alphabet. The message is one line and says what to do; a program can print it as it is.
 */
export class DataError extends Error {
  override readonly name = 'DataError';
}

/** @throws RangeError unless `value` is a whole number from `least` on; `where` is as in `DataLoader: batchSize` */
export function checkWhole(where: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${where} must be a whole number from ${least} on; got ${value}`);
  }
}

/** A count as people read it: `228,145`, in every locale. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** Code points that an error shows of a character. */
const MOST_PARTS = 16;

/** `'é' (U+00E9)`; of a character of several code points all of them, or how many there are. */
export function describeCharacter(character: string): string {
  const all = Array.from(character);
  const parts = all.slice(0, MOST_PARTS);
  const codePoints = parts.map((part) => {
    const hex = (part.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `U+${hex.padStart(4, '0')}`;
  });
  if (all.length === parts.length) return `'${character}' (${codePoints.join(' ')})`;
  return `'${parts.join('')}…' (${codePoints.join(' ')} …, ${count(all.length)} code points)`;
}

/** Characters that an error shows of a text. */
const MOST = 60;

/** A text in quotes for an error, cut to some 60 characters around the character at `index`. */
export function excerpt(text: string, index = 0): string {
  const characters = Array.from(text);
  if (characters.length <= MOST) return `'${text}'`;
  const start = Math.min(Math.max(0, index - MOST / 2), characters.length - MOST);
  const end = start + MOST;
  const middle = characters.slice(start, end).join('');
  return `'${start > 0 ? '…' : ''}${middle}${end < characters.length ? '…' : ''}'`;
}

/** An alphabet for a message: as it is, or its first characters and how many there are. */
export function describeAlphabet(alphabet: string): string {
  const characters = Array.from(alphabet);
  if (characters.length <= MOST) return alphabet;
  return `${characters.slice(0, MOST).join('')}… (${count(characters.length)} characters)`;
}
