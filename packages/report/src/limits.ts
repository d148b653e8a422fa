/** A file of a run is larger than such a file may be. */
export class RunFileError extends Error {
  override readonly name = 'RunFileError';
}

/** Lines of a log, such as metrics.jsonl. */
const MOST_LINES = 2_000_000;

/** UTF-16 code units of a line. */
const MOST_CHARACTERS = 20_000_000;

/**
 * The lines of a log, one after the other.
 *
 * @throws RunFileError when there are too many, or one is too long
 */
export function* linesOf(text: string): Generator<string> {
  let lines = 0;
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    if (end - start > MOST_CHARACTERS) {
      throw new RunFileError(
        `a line of a log may have ${MOST_CHARACTERS} characters; line ${lines + 1} has ${end - start}; take it out`,
      );
    }
    if (++lines > MOST_LINES) {
      throw new RunFileError(`a log may have ${MOST_LINES} lines; this has more; take some out`);
    }
    yield text.slice(start, end);
    start = end + 1;
  }
}
