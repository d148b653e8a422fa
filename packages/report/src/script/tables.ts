import { element } from './elements.js';

/**
 * Has a table be sorted by its columns, a button in each head, and says which row the pointer is on.
 *
 * @param onRow - gets the number of the row's run, and nothing when the pointer leaves
 */
export function makeSortable(
  table: HTMLTableElement,
  onRow: (run: number | undefined) => void,
): void {
  const body = table.tBodies[0];
  const heads = [...(table.tHead?.rows[0].cells ?? [])];
  for (const [column, head] of heads.entries()) {
    const button = element('button', { type: 'button', class: 'sort' }, head.textContent ?? '');
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const isAscending = head.getAttribute('aria-sort') !== 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', isAscending ? 'ascending' : 'descending');
      const rows = [...body.rows].sort((a, b) => {
        const order = compare(valueOf(a, column), valueOf(b, column));
        const isMissing = valueOf(a, column) === '' || valueOf(b, column) === '';
        return isAscending || isMissing ? order : -order;
      });
      for (const row of rows) body.append(row);
    });
  }
  for (const row of body.rows) {
    const run = Number(row.dataset['run']);
    row.addEventListener('pointerenter', () => onRow(run));
    row.addEventListener('pointerleave', () => onRow(undefined));
  }
}

/** What a cell is sorted by; empty where there is nothing. */
function valueOf(row: HTMLTableRowElement, column: number): string {
  const cell = row.cells[column];
  return cell.dataset['value'] ?? cell.textContent?.trim() ?? '';
}

function compare(a: string, b: string): number {
  if (a === '' || b === '') return Number(a === '') - Number(b === ''); // last
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a.localeCompare(b, 'en', { numeric: true });
}
