import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';

/** Shapes, types and attributes of a call as text: calls of one kernel with equal keys are lowered alike. */
export function callKey(inputs: readonly TensorInfo[], attrs: NamedAttrMap): string {
  let key = '';
  for (const { dtype, shape } of inputs) key += `${dtype}${shape.join()};`;
  for (const name in attrs) key += `${name}:${attrKey(attrs[name])};`;
  return key;
}

function attrKey(value: unknown): string {
  return Object.is(value, -0) ? '-0' : String(value); // lists of lists have a length each that the shapes tell
}
