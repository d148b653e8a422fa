/** The bytes given to `readSafetensors` or `readHeader` aren't a whole and well-formed safetensors file. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';

  constructor(problem: string, options?: ErrorOptions) {
    super(`safetensors: ${problem}`, options);
  }
}

const MOST_ITEMS = 8;
const MOST_CHARACTERS = 80;

/** A short text of a JSON value for a message; files hold anything, of any length and depth. */
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
