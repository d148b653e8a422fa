/** What a table is refused for, in words for people. */
export class TableError extends Error {
  override readonly name = 'TableError';
}

/** What a table may have; a cell's characters are UTF-16 code units. */
const MOST = { characters: 16_000_000, rows: 100_000, columns: 1000, cell: 10_000 } as const;

/** A table of texts. */
export interface Table {
  /** The cells of the first row. */
  readonly columns: readonly string[];
  /** The other rows that aren't blank, each with the line that it begins on, from 1 on. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/**
 * Reads a table of comma-separated values, as RFC 4180 has them: cells between quotes may hold commas, line ends and doubled quotes. Where the
 * first row has more semicolons or tabs than commas, those separate.
 *
 * @param text - at most 16,000,000 characters, 100,000 rows and 1,000 columns
 * @throws TableError naming the line
 */
export function parseTable(text: string): Table {
  if (text.length > MOST.characters)
    throw new TableError(
      `a table may have ${MOST.characters.toLocaleString('en-US')} characters; this has ${text.length.toLocaleString('en-US')}`,
    );
  const written = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const rows = [...rowsOf(written, separatorOf(written))];
  const [head, ...others] = rows;
  if (head === undefined) throw new TableError('a table must have a row of names; it is empty');
  const columns = head.cells.map((cell) => cell.trim());
  for (const { line, cells } of others) {
    if (cells.length === columns.length) continue;
    throw new TableError(
      `line ${line}: a row must have ${columns.length} cells, as many as the first; got ${cells.length}`,
    );
  }
  return { columns, rows: others };
}

function separatorOf(text: string): string {
  const [head = ''] = text.slice(0, MOST.cell).split(/[\r\n]/, 1);
  const count = (separator: string): number => head.split(separator).length;
  let most = ',';
  for (const separator of [';', '\t']) if (count(separator) > count(most)) most = separator;
  return most;
}

/** The rows that have anything. */
function* rowsOf(text: string, separator: string): Iterable<Table['rows'][number]> {
  let at = 0;
  let line = 1;
  let count = 0;
  while (at < text.length) {
    const cells: string[] = [];
    const first = line;
    let isEnd = false;
    while (!isEnd) {
      const cell = text[at] === '"' ? quoted(text, at, first) : plain(text, at, separator);
      if (cell.value.length > MOST.cell || cells.length === MOST.columns) {
        throw new TableError(
          `line ${first}: a row may have ${MOST.columns.toLocaleString('en-US')} cells of ${MOST.cell.toLocaleString('en-US')} characters`,
        );
      }
      cells.push(cell.value);
      line += cell.lines;
      at = cell.end;
      if (text[at] === separator) at++;
      else {
        if (at < text.length && text[at] !== '\n' && text[at] !== '\r')
          throw new TableError(
            `line ${line}: after a closing quote there must be a separator or the line's end`,
          );
        if (text[at] === '\r' && text[at + 1] === '\n') at++;
        at++;
        line++;
        isEnd = true;
      }
    }
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (++count > MOST.rows + 1)
      throw new TableError(
        `a table may have ${MOST.rows.toLocaleString('en-US')} rows; this has more`,
      );
    yield { line: first, cells };
  }
}

interface Cell {
  readonly value: string;
  /** Where what follows it stands. */
  readonly end: number;
  /** Line ends in it. */
  readonly lines: number;
}

function plain(text: string, start: number, separator: string): Cell {
  let end = start;
  while (
    end < text.length &&
    !(text[end] === separator || text[end] === '\n' || text[end] === '\r')
  )
    end++;
  return { value: text.slice(start, end), end, lines: 0 };
}

function quoted(text: string, start: number, line: number): Cell {
  let from = start + 1;
  let value = '';
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) throw new TableError(`line ${line}: a quote is opened and never closed`);
    value += text.slice(from, quote);
    if (value.length > MOST.cell) return { value, end: quote + 1, lines: 0 }; // refused by whoever asked
    if (text[quote + 1] !== '"')
      return { value, end: quote + 1, lines: value.split('\n').length - 1 };
    value += '"';
    from = quote + 2;
  }
}
