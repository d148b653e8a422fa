import { printable } from './printable.js';

/** What some errors of browsers mean; their own messages are empty, or name a limit without what to do about it. */
const MEANINGS: Readonly<Record<string, string>> = {
  QuotaExceededError: 'the storage that the browser gives this site is full',
  NotAllowedError: 'the browser does not allow it here',
  SecurityError: 'the browser does not allow it here',
  InvalidStateError: 'the storage was closed, or its data cleared',
  NotReadableError: 'the browser could not read the storage',
  AbortError: 'the browser gave up',
};

/** Why something failed, in a line that is never empty, whatever was thrown: an error, a text, `undefined`. */
export function describeError(error: unknown): string {
  if (typeof error === 'string' && error.trim() !== '') return error.trim();
  if (typeof error !== 'object' || error === null) {
    return `no reason was given, only ${error === '' ? 'an empty text' : String(error)}`;
  }
  const { name, message, cause } = error as Readonly<Record<string, unknown>>;
  const own = typeof message === 'string' ? message.trim() : '';
  const kind = typeof name === 'string' ? name : '';
  const meaning = Object.hasOwn(MEANINGS, kind) ? MEANINGS[kind] : undefined;
  if (meaning !== undefined) return `${meaning} (${kind}${own === '' ? '' : `: ${own}`})`;
  if (own !== '') return own;
  if (cause !== undefined && cause !== error) return describeError(cause);
  return `no reason was given, only an object ${kind}`.trimEnd();
}

/** The default of `warn`: a line on the console. */
export function warnOnConsole(message: string): void {
  // oxlint-disable-next-line no-console -- what fails unheard loses work
  console.warn(printable(message));
}
