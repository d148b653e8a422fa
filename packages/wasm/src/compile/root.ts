import { VIEW, type Graph, type Value } from './graph.js';

/** Finds the value whose memory a value lies in: what a view is a view of, in the end; else the value itself. */
export function rootFinder({ nodes }: Pick<Graph, 'nodes'>): (value: Value) => Value {
  const parents = new Map<number, Value>();
  for (const node of nodes) {
    if (node.kernel === VIEW) parents.set(node.outputs[0].id, node.inputs[0]);
  }
  return (value) => {
    let root = value;
    for (let next = parents.get(root.id); next !== undefined; next = parents.get(root.id)) {
      root = next;
    }
    return root;
  };
}
