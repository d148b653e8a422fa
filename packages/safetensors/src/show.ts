const MOST_ITEMS = 8;
const MOST_CHARACTERS = 80;

/** A JSON value in a few words for a message; files hold anything, of any length and depth. */
export function show(value: unknown): string {
  if (!Array.isArray(value)) return showItem(value);
  const items = (value as unknown[]).slice(0, MOST_ITEMS).map(showItem);
  if (value.length > MOST_ITEMS) items.push('…');
  return `[${items.join(', ')}]`;
}

function showItem(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  const isLong = value.length > MOST_CHARACTERS;
  return JSON.stringify(isLong ? `${value.slice(0, MOST_CHARACTERS)}…` : value);
}
