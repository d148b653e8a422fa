import { portableExp } from '@llm101/info-theory';

/** What `portableExp` takes. */
const MOST = 700;

/** `e^x` with the same bits in every engine; beyond 700 it is that of 700, and below -700 it is 0. */
export function boundedExp(x: number): number {
  if (x === 0) return 1;
  return x < -MOST ? 0 : portableExp(Math.min(x, MOST));
}
