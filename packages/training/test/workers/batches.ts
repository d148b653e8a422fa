import type { Batch } from '@llm101/data';
import { Generator } from '@llm101/random';
import { T, V } from './replicas.mjs';

/** Random rows, each with weights from 0 to 2; with a target for each row, or for each of its positions. */
export function randomBatch(
  rows: number,
  perPosition: boolean,
): Batch & { readonly weights: Float32Array } {
  const generator = Generator.seeded(rows);
  const below = (limit: number): number => Math.floor(generator.nextDouble() * limit);
  const tokens = (n: number): Int32Array => Int32Array.from({ length: n }, () => below(V));
  const N = perPosition ? rows * T : rows;
  const weights = Float32Array.from({ length: N }, () => below(3));
  weights[0] = 1;
  return { size: rows, contextSize: T, inputs: tokens(rows * T), targets: tokens(N), weights };
}
