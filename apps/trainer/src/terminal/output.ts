import { type Command, Option } from 'commander';
import { oneLine } from './one-line.js';
import { print } from './print.js';
import { type ProgressLine, progressLine } from './progress-line.js';

/** What `--quiet` and `--json` decide. */
export interface OutputFlags {
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Where a command's words go. */
export interface Output {
  /** Lines that explain: on stdout; nowhere with `--quiet` or `--json`. */
  readonly print: (...lines: string[]) => void;
  /** What the command was asked for: lines on stdout, or with `--json` the one document that stdout gets. */
  readonly answer: (lines: readonly string[], document: unknown) => void;
  /** The same of lines that come a few at a time: each is written at once, or with `--json` all at the end. */
  readonly answerEach: (
    parts: AsyncIterable<readonly string[]>,
    document: (lines: readonly string[]) => unknown,
  ) => Promise<void>;
  /** A line on stderr about what takes a while; nowhere with `--quiet`. */
  readonly tell: (line: string) => void;
  /** Whether progress is shown on stderr. */
  readonly showsProgress: boolean;
  /** Shows how far a piece of work is, on stderr, until it is done; nowhere with `--quiet`. */
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
    answer(lines, document) {
      if (json) print(JSON.stringify(document, undefined, 2));
      else if (lines.length > 0) print(...lines);
    },
    async answerEach(parts, document) {
      const lines: string[] = [];
      for await (const part of parts) {
        if (json) lines.push(...part);
        else print(...part);
      }
      if (json) print(JSON.stringify(document(lines), undefined, 2));
    },
    tell(line) {
      if (!quiet) process.stderr.write(`${oneLine(line)}\n`);
    },
    showsProgress: !quiet,
    progress: (label) => progressLine(label, quiet ? undefined : process.stderr),
  };
}
