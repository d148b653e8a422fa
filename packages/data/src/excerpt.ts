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
