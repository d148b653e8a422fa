import { sizeOf, type Graph, type NumericArray } from '@llm101/wasm/recording';
import { originFinder, indicesRead, type IndexLimit } from '../graph/indices-read.js';

/**
 * What arguments that are indices must be, by the ids of their values.
 *
 * @throws RangeError where constants are out of range
 */
export function limitsOf(graph: Graph): ReadonlyMap<number, readonly IndexLimit[]> {
  const limits = new Map<number, IndexLimit[]>();
  const originsOf = originFinder(graph);
  for (const node of graph.nodes) {
    const read = indicesRead(node);
    if (read === undefined || sizeOf(read.indices) === 0) continue;
    for (const { indices, ...limit } of originsOf(read).given) {
      if ('values' in indices.source) checkIndices(indices.source.values, limit, 'a constant');
      limits.set(indices.id, [...(limits.get(indices.id) ?? []), limit]);
    }
  }
  return limits;
}

/** @throws RangeError naming the first that is out of range */
export function checkIndices(values: NumericArray, limit: IndexLimit, what: string): void {
  const k = firstOutside(values, limit);
  if (k !== undefined) throw outOfRange(limit, k, `${what} is`, `${values[k]} at ${k}`);
}

/**
 * Checks what a step has computed.
 *
 * @param ends - of each limit the smallest of its indices and the largest
 * @throws RangeError naming the first that is out of range
 */
export function checkComputed(ends: readonly NumericArray[], limits: readonly IndexLimit[]): void {
  for (const [i, values] of ends.entries()) {
    const limit = limits[Math.floor(i / 2)];
    const k = firstOutside(values, limit);
    if (k !== undefined) throw outOfRange(limit, k, 'what the step computes is', String(values[k]));
  }
}

function firstOutside(values: NumericArray, { below }: IndexLimit): number | undefined {
  for (let k = 0; k < values.length; k++) {
    if (!(values[k] >= 0 && values[k] < below[k % below.length])) return k;
  }
  return undefined;
}

function outOfRange(
  { below, where }: IndexLimit,
  k: number,
  what: string,
  got: string,
): RangeError {
  const end = below[k % below.length];
  const range = end === Infinity ? '0 or above' : `from 0 to ${end - 1}`;
  return new RangeError(`compile: ${what} read by ${where}, and must be ${range}; got ${got}`);
}
