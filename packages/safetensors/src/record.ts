/**
 * An object with these entries and nothing inherited: names come from files, and a tensor may be called
 * `__proto__` or `constructor`.
 */
export function record<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const result = Object.fromEntries(entries); // defines properties, so `__proto__` is one like any other
  Object.setPrototypeOf(result, null);
  return result;
}
