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

/** `'é' (U+00E9)` */
export function describeCharacter(character: string): string {
  const codePoint = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `'${character}' (U+${codePoint})`;
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
