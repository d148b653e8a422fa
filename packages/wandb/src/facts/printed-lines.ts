/** Where a line was printed. */
export type ConsoleStream = 'stdout' | 'stderr';

/** Characters of a line that are kept. */
const MOST_LINE = 10_000;

/** Characters that are kept of a run, in all. */
const MOST_CHARACTERS = 20_000_000;

/** Sequences that move a cursor or erase; those of colours (`m`) stay. */
const ESCAPE = '\u001B';
const BELL = '\u0007';
const MOVES = new RegExp(
  `${ESCAPE}${String.raw`(?:\[[0-9;?]*[A-Za-ln-z@~]|[()][A-Z0-9]|\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\)?|[=>78])`}`,
  'g',
);

/**
 * Passes on what the process prints, line by line as a terminal would show it in the end: of a progress bar its last state.
 *
 * @param onLine - called with each line that is ended; what isn't when the capture ends, too
 * @returns ends the capture
 */
export function captureConsole(onLine: (line: string, stream: ConsoleStream) => void): () => void {
  let left = MOST_CHARACTERS;
  const take = (line: string, stream: ConsoleStream): void => {
    if (left <= 0) return;
    left -= line.length;
    onLine(left <= 0 ? '… (the rest is left out)' : line, stream);
  };
  const ends = (['stdout', 'stderr'] as const).map((stream) => {
    const lines = new LineAssembler((line) => take(line, stream));
    const end = tap(process[stream], (text) => lines.add(text));
    return () => {
      end();
      lines.end();
    };
  });
  return () => {
    for (const end of ends) end();
  };
}

/** Makes whole lines of what is written in pieces. */
class LineAssembler {
  readonly #onLine: (line: string) => void;
  #open = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(text: string): void {
    const [first, ...rest] = text.split('\n');
    this.#open = withoutOverwritten(this.#open + first);
    for (const next of rest) {
      this.#onLine(shown(this.#open));
      this.#open = withoutOverwritten(next);
    }
  }

  end(): void {
    if (shown(this.#open) !== '') this.#onLine(shown(this.#open));
    this.#open = '';
  }
}

/** Of what begins a line again, the last. A return at the end may still be followed by a line break. */
function withoutOverwritten(line: string): string {
  const at = line.replace(/\r+$/, '').lastIndexOf('\r');
  return line.slice(at + 1).slice(0, MOST_LINE);
}

const shown = (line: string): string => line.replaceAll(MOVES, '').replace(/\r+$/, '');

/** Has a stream's writes told, too. @returns ends that */
function tap(stream: NodeJS.WriteStream, onText: (text: string) => void): () => void {
  const own = Object.getOwnPropertyDescriptor(stream, 'write');
  const write = stream.write.bind(stream);
  const decoder = new TextDecoder();
  let isWithin = false;
  const tapped: typeof stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    if (!isWithin) {
      isWithin = true; // what the listener itself prints isn't told
      try {
        onText(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
      } catch {
        // a full disk must not keep the program from printing
      }
      isWithin = false;
    }
    return Reflect.apply(write, undefined, [chunk, ...rest]) as boolean; // bounded: an encoding and a callback
  };
  stream.write = tapped;
  return () => {
    isWithin = true;
    if (stream.write !== tapped) return; // another one that came later stays
    if (own === undefined) Reflect.deleteProperty(stream, 'write');
    else Object.defineProperty(stream, 'write', own);
  };
}
