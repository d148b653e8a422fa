import type { Pen } from '../charts/canvas.js';
import { type Cell, Explorable } from './explorable.js';

/** Properties of {@link Matrix}. */
export interface MatrixProps {
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]` */
  readonly values: ArrayLike<number>;
  /** Where the first of them is; default: at 0. */
  readonly from?: number;
  /** Names beside rows and above columns, where there are some. */
  readonly rowNames?: readonly string[];
  readonly columnNames?: readonly string[];
  /** The value that has the full colour; default: the largest. */
  readonly most?: number;
  readonly describe: (row: number, column: number, value: number) => string;
  readonly hint: string;
  readonly onPick?: (row: number, column: number) => void;
  /** The most pixels that it is high. */
  readonly height?: number;
}

/** The most pixels of a side of a cell: where there are few, they are large. */
const widest = (count: number): number => Math.max(18, Math.min(36, Math.floor(240 / count)));

/** Pixels for names. */
const NAMES = 26;

/** Values as shades: above 0 in one colour, below in another. */
export function Matrix(props: MatrixProps) {
  const { label, rows, columns, values, from = 0, describe, hint, height: highest = 360 } = props;
  const margin = {
    left: props.rowNames === undefined ? 0 : NAMES,
    top: props.columnNames === undefined ? 0 : NAMES - 8,
  };
  const side = Math.max(2, Math.min(widest(rows), Math.floor((highest - margin.top) / rows)));
  const height = margin.top + Math.max(8, side * rows);
  const layout = (width: number) => ({
    ...margin,
    across: Math.min(widest(columns), (width - margin.left) / columns),
    down: (height - margin.top) / rows,
  });
  return (
    <Explorable
      label={label}
      height={height}
      hint={hint}
      onPick={({ row, column }) => props.onPick?.(row, column)}
      draw={(pen, at) => draw(pen, props, layout(pen.width), at)}
      hit={(x, y, width) => {
        const { left, top, across, down } = layout(width);
        const cell = { row: Math.floor((y - top) / down), column: Math.floor((x - left) / across) };
        return isWithin(cell, props) ? cell : undefined;
      }}
      has={(at) => isWithin(at, props)}
      move={(at, across, down) =>
        at === undefined
          ? { row: 0, column: 0 }
          : {
              row: Math.max(0, Math.min(rows - 1, at.row + down)),
              column: Math.max(0, Math.min(columns - 1, at.column + across)),
            }
      }
      describe={({ row, column }) => describe(row, column, values[from + row * columns + column])}
    />
  );
}

const isWithin = (
  { row, column }: Cell,
  { rows, columns }: Pick<MatrixProps, 'rows' | 'columns'>,
) => row >= 0 && row < rows && column >= 0 && column < columns;

/** How cells lie. */
interface Layout {
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
}

function draw(
  { context, color }: Pen,
  { rows, columns, values, from = 0, rowNames, columnNames, most: largestShown }: MatrixProps,
  { left, top, across, down }: Layout,
  at: Cell | undefined,
): void {
  const full = largestShown ?? largest(values, from, rows * columns);
  const colors = [color('series-2'), color('accent')];
  context.fillStyle = color('raised');
  context.fillRect(left, top, columns * across, rows * down);
  const gap = Math.min(across, down) > 6 ? 0.5 : 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[from + row * columns + column];
      context.globalAlpha = Math.min(1, Math.abs(value) / (full || 1));
      context.fillStyle = colors[value < 0 ? 0 : 1];
      context.fillRect(left + column * across, top + row * down, across - gap, down - gap);
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = color('muted');
  context.font = '11px ui-monospace, monospace';
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  if (rowNames !== undefined && down >= 8) {
    for (const [row, name] of rowNames.entries()) {
      context.fillText(name.slice(0, 4), left - 4, top + (row + 0.5) * down, left - 4);
    }
  }
  context.textAlign = 'center';
  if (columnNames !== undefined && across >= 6) {
    for (const [column, name] of columnNames.entries()) {
      context.fillText(name, left + (column + 0.5) * across, top - 8, across);
    }
  }
  if (at === undefined) return;
  context.strokeStyle = color('text');
  context.lineWidth = 1.5;
  context.strokeRect(left + at.column * across - 1, top + at.row * down - 1, across + 2, down + 2);
}

/** The largest size of some values. */
export function largest(values: ArrayLike<number>, from = 0, count = values.length): number {
  let most = 0;
  for (let i = from; i < from + count; i++) {
    const size = Math.abs(values[i]);
    if (size > most) most = size;
  }
  return most;
}
