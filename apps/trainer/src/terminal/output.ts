import { formatDuration, printable, statusLine, type StatusStream } from '@llm101/training/node';
import { type Command, Option } from 'commander';
import { canvas, complain, oneLine, print, printJson } from './streams.js';
import { printPart, printParts, printTexts } from './streams.js';
import type { Lines } from './streams.js';

/** Of the documents that `--json` prints: it goes up where a field is taken away or means something else. */
export const DOCUMENT_VERSION = 2;

/** What `--quiet` and `--json` decide. */
export interface OutputFlags {
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Where a command's output goes: results to stdout, progress and errors to stderr. */
export interface Output {
  /** Writes explanations to stdout, each text a line; with `--quiet` or `--json` nothing. */
  readonly print: (...lines: Lines[]) => void;
  /** Writes the result: lines on stdout, or with `--json` the one document that stdout gets. */
  readonly answer: (lines: readonly string[], document: object) => void;
  /** The same for texts that are cut into parts; with each stands a line of its own, where that isn't empty. */
  readonly answerParts: (
    lines: readonly string[],
    document: object,
    texts: readonly CutText[],
  ) => void;
  /** Whether the result is one document, so that nothing else goes to stdout. */
  readonly isDocument: boolean;
  /** Writes texts that a model made, at once, into a pipe as they are; with `--json` nothing. */
  readonly answerTexts: (texts: readonly string[]) => void;
  /** Writes a part of a result as it comes; with `--json` nothing. */
  readonly answerPart: (text: string) => void;
  /** Writes a line about what takes a while to stderr; with `--quiet` nothing. */
  readonly note: (line: string) => void;
  /** Whether progress is shown on stderr. */
  readonly showsProgress: boolean;
  /** Shows the progress of some work on stderr until it is done; with `--quiet` nothing. */
  readonly progress: (label: string) => ProgressLine;
}

/** A text in parts, and what stands below it. */
interface CutText {
  readonly parts: readonly string[];
  readonly line: string;
}

/** Gives a command the flags of an {@link Output}. */
export function addOutputFlags(command: Command): Command {
  return command
    .addOption(new Option('--quiet', 'no progress and no explanations').helpGroup('Output:'))
    .addOption(new Option('--json', 'the result as one JSON document').helpGroup('Output:'));
}

/** Prints what `--json` asks for, one of `documents`. */
export function printDocument(content: object): void {
  printJson({ version: DOCUMENT_VERSION, ...content });
}

export function makeOutput({ quiet = false, json = false }: OutputFlags): Output {
  return {
    print(...lines) {
      if (!quiet && !json) print(...lines);
    },
    answer(lines, content) {
      if (json) printDocument(content);
      else if (lines.length > 0) print(lines);
    },
    answerParts(lines, content, texts) {
      if (json) {
        printDocument(content);
        return;
      }
      print(lines);
      for (const { parts, line } of texts) {
        print('');
        printParts(parts);
        if (line !== '') print(line);
      }
    },
    isDocument: json,
    answerTexts(texts) {
      if (!json) printTexts(texts);
    },
    answerPart(text) {
      if (!json) printPart(text);
    },
    note(line) {
      if (!quiet) complain(oneLine(line));
    },
    showsProgress: !quiet,
    progress: (label) => progressLine(label, quiet ? undefined : canvas()),
  };
}

const none = (): void => {};

/** An output for work inside of other work: nothing is shown, and the result goes to whoever wants it. */
export function silentOutput(onAnswer: (document: object) => void): Output {
  return {
    print: none,
    answer: (_, document) => onAnswer(document),
    answerParts: (_, document) => onAnswer(document),
    isDocument: true,
    answerTexts: none,
    answerPart: none,
    note: none,
    showsProgress: false,
    progress: (label) => progressLine(label, undefined),
  };
}

/** A line that shows the progress of some work. */
export interface ProgressLine {
  /** @param total - `undefined` where it isn't known */
  readonly update: (done: number, total: number | undefined) => void;
  /** Erases the line. */
  readonly end: () => void;
}

/**
 * Shows the progress of some work, `compressing 42% · 1:23 left`. Short work gets no line.
 *
 * @param stream - `undefined` for no line at all
 * @param now - in milliseconds; default: a clock
 */
export function progressLine(
  label: string,
  stream: StatusStream | undefined,
  now: () => number = () => performance.now(),
): ProgressLine {
  const line = statusLine(stream, { skipsShort: true, now });
  const shown = printable(label);
  let first: { readonly ms: number; readonly done: number } | undefined;
  return {
    update(done, total) {
      first ??= { ms: now(), done };
      const { ms, done: before } = first;
      line.update((width = 79) => {
        const left = timeLeft({
          elapsedMs: now() - ms,
          done: done - before,
          left: (total ?? 0) - done,
        });
        return `${shown} ${portion(done, total)}${left}`.slice(0, width);
      });
    },
    end: () => line.erase(),
  };
}

/** Before that the rate says little. */
const FIRST_ESTIMATE_MS = 2000;

interface Elapsed {
  readonly elapsedMs: number;
  /** Done in that time. */
  readonly done: number;
  readonly left: number;
}

/** ` · 1:23 left` by the rate so far; nothing while it isn't known. */
function timeLeft({ elapsedMs, done, left }: Elapsed): string {
  if (elapsedMs < FIRST_ESTIMATE_MS || done <= 0 || left <= 0) return '';
  return ` · ${formatDuration((elapsedMs * left) / done)} left`;
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
 * @param cells - rows of them; every row is as long as the first
 * @param others - how the other columns are aligned
 */
export function formatTable(
  cells: readonly (readonly string[])[],
  others: 'left' | 'right' = 'right',
): string[] {
  const rows = cells.map((row) => row.map(printable)); // as wide as it is shown
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
