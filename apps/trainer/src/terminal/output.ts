import { statusLine, type StatusStream } from '@llm101/training/node';
import { type Command, Option } from 'commander';

/** What `--quiet` and `--json` decide. */
export interface OutputFlags {
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Where a command's output goes: results to stdout, progress and errors to stderr. */
export interface Output {
  /** Writes explanations to stdout; with `--quiet` or `--json` nothing. */
  readonly print: (...lines: string[]) => void;
  /** Writes the result: lines on stdout, or with `--json` the one document that stdout gets. */
  readonly answer: (lines: readonly string[], document: unknown) => void;
  /** The same for lines that come a few at a time: each is written at once, or with `--json` all at the end. */
  readonly answerEach: (
    parts: AsyncIterable<readonly string[]>,
    document: (lines: readonly string[]) => unknown,
  ) => Promise<void>;
  /** Writes a line about what takes a while to stderr; with `--quiet` nothing. */
  readonly note: (line: string) => void;
  /** Whether progress is shown on stderr. */
  readonly showsProgress: boolean;
  /** Shows the progress of some work on stderr until it is done; with `--quiet` nothing. */
  readonly progress: (label: string) => ProgressLine;
}

/** Gives a command the flags of an {@link Output}. */
export function addOutputFlags(command: Command): Command {
  return command
    .addOption(new Option('--quiet', 'no progress and no explanations').helpGroup('Output:'))
    .addOption(new Option('--json', 'the result as one JSON document').helpGroup('Output:'));
}

export function makeOutput({ quiet = false, json = false }: OutputFlags): Output {
  return {
    print(...lines) {
      if (!quiet && !json) print(...lines);
    },
    answer(lines, content) {
      if (json) printJson(content);
      else if (lines.length > 0) print(...lines);
    },
    async answerEach(parts, content) {
      const lines: string[] = [];
      for await (const part of parts) {
        if (json) lines.push(...part);
        else print(...part);
      }
      if (json) printJson(content(lines));
    },
    note(line) {
      if (!quiet) process.stderr.write(`${oneLine(line)}\n`);
    },
    showsProgress: !quiet,
    progress: (label) => progressLine(label, quiet ? undefined : process.stderr),
  };
}

function printJson(content: unknown): void {
  print(JSON.stringify(content, undefined, 2));
}

/** Writes lines to stdout. */
export function print(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Writes a warning as a line to stderr, over the progress bar if one is there. */
export function warn(message: string): void {
  const { stderr } = process;
  stderr.write(`${stderr.isTTY ? '\r\u001B[K' : ''}llm101: ${message}\n`);
}

/** A text as one line that is safe to print: line breaks become spaces, control characters are escaped. */
export function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (character) => {
      const codePoint = character.codePointAt(0) ?? 0;
      return `\\u${codePoint.toString(16).padStart(4, '0')}`;
    });
}

/** A line that shows the progress of some work. */
export interface ProgressLine {
  /** @param total - `undefined` where it isn't known */
  readonly update: (done: number, total: number | undefined) => void;
  /** Erases the line. */
  readonly end: () => void;
}

/**
 * Shows the progress of some work, `downloading names.txt 42%`. Short work gets no line.
 *
 * @param stream - `undefined` for no line at all
 * @param now - in milliseconds; default: a clock
 */
export function progressLine(
  label: string,
  stream: StatusStream | undefined,
  now?: () => number,
): ProgressLine {
  const line = statusLine(stream, { skipsShort: true, ...(now && { now }) });
  return {
    update: (done, total) =>
      line.update((width = 79) => `${label} ${portion(done, total)}`.slice(0, width)),
    end: () => line.erase(),
  };
}

function portion(done: number, total: number | undefined): string {
  if (total === undefined || total <= 0) return count(done);
  return `${Math.floor((100 * Math.min(done, total)) / total)}%`;
}

/** A whole number as people read it: `228,145`. */
export function count(n: number): string {
  return Math.ceil(n).toLocaleString('en-US');
}

/**
 * A table as lines. The first column is aligned to the left.
 *
 * @param rows - cells; every row is as long as the first
 * @param others - how the other columns are aligned
 */
export function formatTable(
  rows: readonly (readonly string[])[],
  others: 'left' | 'right' = 'right',
): string[] {
  const widths = rows[0].map((_, column) =>
    rows.reduce((most, row) => Math.max(most, row[column].length), 0),
  );
  return rows.map((row) =>
    row
      .map((cell, i) =>
        i === 0 || others === 'left' ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
      )
      .join('   ')
      .trimEnd(),
  );
}
