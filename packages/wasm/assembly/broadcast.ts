// A row `y[n]` under each of `rows` rows of x, or a column `y[rows]` beside them.
import { add, divide, multiply, subtract } from './binary';

/** y is a row of `n` under each of the rows of x. */
export function addRow(x: usize, y: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    add(x, 1, y, 1, to, n);
    x += bytes;
    to += bytes;
  }
}

/** y is a column: one value for each of the rows of x; with `swapped`, x is the column and y has the rows. */
export function addColumn(x: usize, y: usize, to: usize, rows: i32, n: i32, swapped: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    add(x, swapped ? 0 : 1, y, swapped ? 1 : 0, to, n);
    x += swapped ? 4 : bytes;
    y += swapped ? bytes : 4;
    to += bytes;
  }
}

/** y is a row of `n` under each of the rows of x. */
export function subtractRow(x: usize, y: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    subtract(x, 1, y, 1, to, n);
    x += bytes;
    to += bytes;
  }
}

/** y is a column: one value for each of the rows of x; with `swapped`, x is the column and y has the rows. */
export function subtractColumn(x: usize, y: usize, to: usize, rows: i32, n: i32, swapped: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    subtract(x, swapped ? 0 : 1, y, swapped ? 1 : 0, to, n);
    x += swapped ? 4 : bytes;
    y += swapped ? bytes : 4;
    to += bytes;
  }
}

/** y is a row of `n` under each of the rows of x. */
export function multiplyRow(x: usize, y: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    multiply(x, 1, y, 1, to, n);
    x += bytes;
    to += bytes;
  }
}

/** y is a column: one value for each of the rows of x; with `swapped`, x is the column and y has the rows. */
export function multiplyColumn(x: usize, y: usize, to: usize, rows: i32, n: i32, swapped: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    multiply(x, swapped ? 0 : 1, y, swapped ? 1 : 0, to, n);
    x += swapped ? 4 : bytes;
    y += swapped ? bytes : 4;
    to += bytes;
  }
}

/** y is a row of `n` under each of the rows of x. */
export function divideRow(x: usize, y: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    divide(x, 1, y, 1, to, n);
    x += bytes;
    to += bytes;
  }
}

/** y is a column: one value for each of the rows of x; with `swapped`, x is the column and y has the rows. */
export function divideColumn(x: usize, y: usize, to: usize, rows: i32, n: i32, swapped: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    divide(x, swapped ? 0 : 1, y, swapped ? 1 : 0, to, n);
    x += swapped ? 4 : bytes;
    y += swapped ? bytes : 4;
    to += bytes;
  }
}
