/**
 * The lines of a text that aren't empty, without their ends (`\n` or `\r\n`).
 *
 * Like `[line for line in text.splitlines() if line]` in Python, except that Python also breaks lines at a lone
 * `\r` and at rarer characters (`\v`, `\f`, U+0085, U+2028 …); here those are characters of the line.
 */
export function splitLines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}
