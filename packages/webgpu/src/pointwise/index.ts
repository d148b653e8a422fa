import type { GraphNode } from '@llm101/wasm/recording';
import type { Pointwise } from '../wgsl/kernel.js';
import { activations } from './activations.js';
import { batchNorm } from './batch-norm.js';
import { elementwise } from './elementwise.js';
import { functionsOfNumbers } from './functions.js';
import { moves } from './moves.js';
import { rectifiers } from './rectifiers.js';
import { updates } from './updates.js';

/** Operations that compute each element by itself, by the names of their kernels. */
export const pointwise: Readonly<Record<string, Pointwise | undefined>> = {
  ...elementwise,
  ...functionsOfNumbers,
  ...rectifiers,
  FusedBatchNorm: batchNorm,
  ...moves,
  ...activations,
  ...updates,
};

/** Whether a kernel of that name only moves elements: it costs nothing to do so where they are read. */
export const onlyMoves = (name: string): boolean => Object.hasOwn(moves, name);

/** Whether a kernel reads each operand of its output's size only at the place that it writes, which may then lie there. */
export const keepsPlaces = ({ kernel, inputs, outputs }: GraphNode): boolean =>
  kernel !== 'AddN' && // of which several kernels may read one after another
  !(kernel === 'Select' && inputs[0].shape.length < outputs[0].shape.length) && // of which rows may be read elsewhere
  [elementwise, functionsOfNumbers, rectifiers, updates].some((table) =>
    Object.hasOwn(table, kernel),
  );

/** Whether a kernel of that name reads one place of one tensor for each element: several readers may as well do that themselves. */
export const readsOnePlace = (name: string): boolean => ONE_PLACE.has(name);

const ONE_PLACE: ReadonlySet<string> = new Set([
  'Identity',
  'Transpose',
  'Slice',
  'StridedSlice',
  'SplitV',
  'Unpack',
  'Reverse',
]);
