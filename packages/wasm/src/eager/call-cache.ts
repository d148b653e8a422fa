import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';

/** Above so many a cache starts anew: attributes may differ at each call, as where a slice begins. */
const MOST_CALLS = 1024;

/** What has been found out about the calls of one kernel, by shapes, types and attributes. */
export class CallCache<Known> {
  readonly #known = new Map<string, Known>();

  /** What is known of a call, found out now if nothing is. */
  get(inputs: readonly TensorInfo[], attrs: NamedAttrMap, find: () => Known): Known {
    const key = callKey(inputs, attrs);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = find();
    if (this.#known.size >= MOST_CALLS) this.#known.clear();
    this.#known.set(key, found);
    return found;
  }
}

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
