import { printable } from '../printable.js';

/** Where a line is shown: `process.stderr`, or a stand-in. */
export interface StatusStream {
  /** Writes a text. */
  write(text: string): unknown;
  /** Whether it is a terminal, on which a line can be drawn again. */
  readonly isTTY?: boolean;
  /** Characters a line has room for. */
  readonly columns?: number;
}

/** Settings of {@link statusLine}. */
export interface StatusLineOptions {
  /** Whether work that is over within 300 ms, or ten seconds outside of a terminal, gets no line. Default: false. */
  readonly skipsShort?: boolean;
  /** Now, in milliseconds. Default: a clock. */
  readonly now?: () => number;
}

/** A line about how far some work is. */
export interface StatusLine {
  /** Whether the stream is a terminal, and no log of a CI. */
  readonly isTerminal: boolean;
  /** Shows a text if it is time for one; the text is made only then. */
  update(text: (width?: number) => string): void;
  /** Shows a text at once. */
  show(text: (width?: number) => string): void;
  /** Shows a last text, which stays; what comes next begins a line. */
  end(text: (width?: number) => string): void;
  /** Takes the text away; outside of a terminal it stays. */
  erase(): void;
}

const TERMINAL_INTERVAL_MS = 100;
const PIPE_INTERVAL_MS = 10_000;

/** In a terminal, until work counts as long. */
const PATIENCE_MS = 300;

/** What stays free at the end of the line: the cursor and a `^C`, which would else break it in two. */
const ROOM = 3;

/**
 * A line that is drawn again in a terminal, ten times a second; in a pipe or the log of a CI a new line every ten seconds.
 * Texts are given the width that they may fill, in a terminal.
 *
 * @param stream - `undefined` for nothing at all
 */
export function statusLine(
  stream: StatusStream | undefined,
  { skipsShort = false, now = () => performance.now() }: StatusLineOptions = {},
): StatusLine {
  const isTerminal = stream?.isTTY === true && !process.env['CI'];
  const intervalMs = isTerminal ? TERMINAL_INTERVAL_MS : PIPE_INTERVAL_MS;
  let nextMs = skipsShort ? now() + (isTerminal ? PATIENCE_MS : PIPE_INTERVAL_MS) : -Infinity;
  let isDrawn = false;
  const draw = (text: (width?: number) => string, end = ''): void => {
    nextMs = now() + intervalMs;
    isDrawn = isTerminal && end === '';
    if (isTerminal) {
      stream.write(`\r${printable(text((stream.columns ?? 80) - ROOM))}\u001B[K${end}`);
    } else stream?.write(`${printable(text())}\n`);
  };
  return {
    isTerminal,
    update(text) {
      if (now() >= nextMs) draw(text);
    },
    show: (text) => draw(text),
    end: (text) => draw(text, '\n'),
    erase() {
      if (isDrawn) stream?.write('\r\u001B[K');
      isDrawn = false;
    },
  };
}
