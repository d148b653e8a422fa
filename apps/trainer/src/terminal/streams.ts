// The one door to the terminal: no other file touches stdout or stderr, and the lint holds it (.oxlintrc.json).
import { printable, printableJson, type StatusStream } from '@llm101/training/node';

/** A line, or several. */
export type Lines = string | readonly string[];

/** Writes lines to stdout. Each stays one line, and what in it would command a terminal is shown instead. */
export function print(...lines: readonly Lines[]): void {
  process.stdout.write(`${lines.flat().map(printable).join('\n')}\n`);
}

/** Between the parts of a text where they can't be told apart by inverse video. */
const BETWEEN = '│';

/**
 * Writes texts that are cut into parts, a line each: in a terminal every other part in inverse video, unless `NO_COLOR` is set; else with
 * a sign between them.
 */
export function printParts(...texts: readonly (readonly string[])[]): void {
  const { stdout, env } = process;
  const isTold = stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  for (const parts of texts) {
    const shown = parts.map((part) => printable(part));
    const line = shown.map((part, i) => (i % 2 === 0 ? part : `\u001B[7m${part}\u001B[27m`));
    stdout.write(`${isTold ? line.join('') : shown.join(BETWEEN)}\n`);
  }
}

/** Writes what a command is for, such as a model's samples: to a terminal as {@link print}, into a pipe or a file as it is. */
export function printTexts(texts: readonly string[]): void {
  if (process.stdout.isTTY) print(texts);
  else process.stdout.write(`${texts.join('\n')}\n`);
}

/** Writes a part of a text as it comes: to a terminal so that it only shows it, but for its line breaks and tabs. */
export function printPart(text: string): void {
  const { stdout } = process;
  stdout.write(
    stdout.isTTY
      ? text
          .split(/([\n\t])/)
          .map(shownPart)
          .join('')
      : text,
  );
}

const shownPart = (part: string): string =>
  part === '\n' || part === '\t' ? part : printable(part);

/** Writes the one document that `--json` gives. */
export function printJson(content: unknown): void {
  process.stdout.write(`${printableJson(content)}\n`);
}

/** Writes lines to stderr, as {@link print}. */
export function complain(...lines: readonly Lines[]): void {
  process.stderr.write(`${lines.flat().map(printable).join('\n')}\n`);
}

/** Writes a warning as a line to stderr, over the progress bar if one is there. */
export function warn(message: string): void {
  const { stderr } = process;
  stderr.write(`${stderr.isTTY ? '\r\u001B[K' : ''}llm101: ${oneLine(message)}\n`);
}

/** Characters of a message; a longer one has its beginning and its end. */
const MOST = 4000;

/** Characters of the end, where a message says what to do. */
const END = 1000;

/** A message as one line that is safe to print: its line breaks become spaces; see `printable`. */
export function oneLine(message: string): string {
  const line = printable(message.trim().replaceAll(/\s*\n\s*/g, ' '));
  return line.length <= MOST ? line : `${line.slice(0, MOST - END)} … ${line.slice(-END)}`;
}

/** Columns beside the curves of a plot: the labels of the values, and half a label below. */
const PLOT_MARGIN = 14;

/** Columns of a plot's curves on stdout: 60, or what a narrower terminal leaves; 20 at least. */
export function plotColumns(): number {
  const { columns = 80 } = process.stdout as { readonly columns?: number };
  return Math.max(Math.min(columns - PLOT_MARGIN, 60), 20);
}

/** Where a progress bar or a plot is drawn; what a terminal shouldn't obey goes through `printable` before. */
export function canvas(): StatusStream & { readonly rows?: number } {
  return process.stderr;
}

/** Listens for output that can't be written; for stderr there is nowhere to report it. */
export function onOutputError(listener: (error: NodeJS.ErrnoException) => void): void {
  process.stdout.on('error', listener);
}

/** Lets the end of stderr's reader pass. */
export function ignoreMessageErrors(): void {
  process.stderr.on('error', () => {});
}
