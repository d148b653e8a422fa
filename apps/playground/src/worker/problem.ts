import type { Problem } from '../protocol.js';

/** An error as it goes to the page. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { keys } = error as { readonly keys?: readonly string[] };
  return { name: error.name, message: error.message, ...(keys !== undefined && { keys }) };
}
