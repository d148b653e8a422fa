/** Where progress is shown: `process.stderr`, or a stand-in. */
export interface LineStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** How far a piece of work is. */
export interface ProgressLine {
  /** @param total - `undefined` where nobody knows */
  readonly update: (done: number, total: number | undefined) => void;
  /** The work is over: the line goes. */
  readonly end: () => void;
}

/** In a terminal the line is drawn again ten times a second, elsewhere a new one is written every ten seconds. */
const TERMINAL_INTERVAL_MS = 100;
const PIPE_INTERVAL_MS = 10_000;

/** Work that is done within that time gets no line, in a terminal either. */
const PATIENCE_MS = 300;

/**
 * A line on how far some work is, `downloading names.txt  42%`. Short work has none.
 *
 * @param stream - `undefined` for nothing at all
 * @param now - in milliseconds; a clock unless given
 */
export function progressLine(
  label: string,
  stream: LineStream | undefined,
  now: () => number = () => performance.now(),
): ProgressLine {
  const inTerminal = stream?.isTTY === true && !process.env['CI'];
  const intervalMs = inTerminal ? TERMINAL_INTERVAL_MS : PIPE_INTERVAL_MS;
  let nextMs = now() + (inTerminal ? PATIENCE_MS : PIPE_INTERVAL_MS);
  let isDrawn = false;
  return {
    update(done, total) {
      if (stream === undefined || now() < nextMs) return;
      nextMs = now() + intervalMs;
      const line = `${label} ${share(done, total)}`.slice(0, (stream.columns ?? 80) - 1);
      stream.write(inTerminal ? `\r${line}\u001B[K` : `${line}\n`);
      isDrawn = inTerminal;
    },
    end() {
      if (isDrawn) stream?.write('\r\u001B[K');
      isDrawn = false;
    },
  };
}

function share(done: number, total: number | undefined): string {
  if (total === undefined || total <= 0) return done.toLocaleString('en-US');
  return `${Math.floor((100 * Math.min(done, total)) / total)}%`;
}
