/** The error that `call` throws, as `RangeError: its message`; empty when it throws none. */
export function thrownBy(call: () => unknown): string {
  try {
    call();
    return '';
  } catch (error) {
    return String(error);
  }
}
