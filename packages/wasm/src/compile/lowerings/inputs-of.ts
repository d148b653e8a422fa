import type { GraphNode, Value } from '../graph.js';

/** A node's inputs in the order of some of its kernel's names for them, whatever their order in the call. */
export function inputsOf({ kernel, names, inputs }: GraphNode, wanted: readonly string[]): Value[] {
  return wanted.map((name) => {
    const at = names?.indexOf(name) ?? -1;
    if (at === -1) throw new Error(`compile: ${kernel} must have an input ${name}; it has none`);
    return inputs[at];
  });
}
