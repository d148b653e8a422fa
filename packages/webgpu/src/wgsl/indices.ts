import { stridesOf } from '@llm101/wasm/recording';

/** An axis of what is walked through: its size, and how far apart neighbours along it lie in what is read. */
export interface Axis {
  readonly size: number;
  readonly stride: number;
}

/** Where an element is read, given the place of one in row-major order: an expression of u32. Contiguous axes are merged. */
export function placeOf(index: string, axes: readonly Axis[], start = 0): string {
  const merged = mergedAxes(axes);
  const terms: string[] = [];
  let inner = 1;
  for (const [i, { size, stride }] of [...merged.entries()].toReversed()) {
    if (stride !== 0) {
      const quotient = inner === 1 ? index : `${index} / ${inner}u`;
      const at = i === 0 ? quotient : `${inner === 1 ? index : `(${quotient})`} % ${size}u`;
      terms.push(stride === 1 ? `(${at})` : `(${at}) * ${stride >>> 0}u`); // one below 0 wraps round
    }
    inner *= size;
  }
  if (start !== 0 || terms.length === 0) terms.push(`${start}u`);
  return terms.length === 1 ? terms[0] : `(${terms.join(' + ')})`;
}

function mergedAxes(axes: readonly Axis[]): Axis[] {
  const kept: Axis[] = [];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    const last = kept.at(-1);
    if (last !== undefined && last.stride === axis.size * axis.stride) {
      kept[kept.length - 1] = { size: last.size * axis.size, stride: axis.stride };
    } else kept.push(axis);
  }
  return kept;
}

/** The axes of an output as an operand that is broadcast to it has them. */
export function broadcastAxes(operand: readonly number[], output: readonly number[]): Axis[] {
  const padded = [...Array.from({ length: output.length - operand.length }, () => 1), ...operand];
  const strides = stridesOf(padded);
  return output.map((size, i) => ({ size, stride: padded[i] === 1 ? 0 : strides[i] }));
}
