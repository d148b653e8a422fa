import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import { describeTensors, describeValue, isTensor, type Typed } from './own-op.js';

/** What attention reads: queries, keys and values side by side in one tensor, or each in its own. */
export type Sources = readonly ['qkv'] | readonly ['query', 'key', 'value'];

/** B, T, heads, those of keys and values, channels of a head. */
export type AttentionSizes = readonly [
  B: number,
  T: number,
  heads: number,
  kvHeads: number,
  d: number,
];

/** Shape and type of each input. */
export type Typeds = Readonly<Record<string, Typed>>;

/** The sizes of a call. @throws RangeError when inputs or numbers of heads don't fit */
export function checkedSizes(
  where: string,
  sources: Sources,
  inputs: Typeds,
  attrs: NamedAttrMap,
): AttentionSizes {
  const { heads, kvHeads = heads } = attrs;
  if (!isCount(heads) || !isCount(kvHeads) || heads % kvHeads !== 0) {
    throw new RangeError(
      `${where}: heads must be a whole number of at least 1, and kvHeads one that divides it; ` +
        `got ${describeValue(heads)} and ${describeValue(kvHeads)}`,
    );
  }
  const { shape } = inputs[sources[0]];
  const [B, T, width] = shape;
  const parts = sources.length === 1 ? [heads + 2 * kvHeads] : [heads, kvHeads, kvHeads];
  const d = width / parts[0];
  const fits =
    shape.length === 3 &&
    Number.isInteger(d) &&
    d > 0 &&
    isTensor(inputs['starts'], 'int32', [B, T]) &&
    sources.every((name, i) => isTensor(inputs[name], 'float32', [B, T, parts[i] * d]));
  if (fits) return [B, T, heads, kvHeads, d];
  const wanted = sources.map((name, i) => `${name} float32 [B, T, ${parts[i]} d]`).join(', ');
  const got = Object.fromEntries([...sources, 'starts'].map((name) => [name, inputs[name]]));
  throw new RangeError(
    `${where}: inputs must be ${wanted} with d of at least 1, starts int32 [B, T]; got ${describeTensors(got)}`,
  );
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1;

/** How many numbers a row of T positions takes in the kernels' own memory, and one of d channels. */
const widthOf = (T: number): number => Math.ceil(T / 8) * 8 + 16;
const depthOf = (d: number): number => Math.ceil(d / 8) * 8;

/** The bytes of the forward kernel's own memory. */
export function attentionScratch([, T, , , d]: AttentionSizes): number {
  const [W, D] = [widthOf(T), depthOf(d)];
  return (d * W + T * D + 5 * W + 4 * D + 4) * 4;
}

/** The bytes of the backward kernel's own memory: of all positions, and of a block of them with all. */
export function attentionGradientScratch([, T, , , d]: AttentionSizes): number {
  const [W, D, R] = [widthOf(T), depthOf(d), Math.min(64, T)];
  return (2 * d * W + 3 * T * D + (2 * R + 1) * W + (2 * R + 4) * D) * 4;
}
