import { quoted } from './json.js';

/** The bytes given to `readSafetensors` or `readHeader` aren't a whole and well-formed safetensors file. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';

  constructor(problem: string, options?: ErrorOptions) {
    super(`safetensors: ${problem}`, options);
  }
}

const MOST_ITEMS = 8;

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
  return typeof value === 'string' ? quoted(value) : String(value);
}
