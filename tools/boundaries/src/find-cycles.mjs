/**
 * The groups of nodes that reach one another, one shortest cycle of each, beginning at the group's first node in
 * the order of names: `['a', 'b']` for a -> b -> a.
 *
 * Source of the search for groups: Tarjan (1972), "Depth-First Search and Linear Graph Algorithms".
 *
 * @param {ReadonlyMap<string, readonly string[]>} graph - what each node leads to
 * @returns {string[][]}
 */
export function findCycles(graph) {
  return groups(graph).flatMap((group) => {
    const [first] = group.toSorted();
    const cycle = shortestCycle(graph, first, new Set(group));
    return cycle === undefined ? [] : [cycle];
  });
}

/**
 * The strongly connected components.
 *
 * @param {ReadonlyMap<string, readonly string[]>} graph
 */
function groups(graph) {
  /** @type {Map<string, number>} */
  const order = new Map();
  /** @type {string[]} */
  const open = [];
  /** @type {Set<string>} */
  const closed = new Set();
  /** @type {string[][]} */
  const found = [];

  /** @param {string} node @returns {number} the earliest open node that it reaches */
  const visit = (node) => {
    const own = order.size;
    let earliest = own;
    order.set(node, own);
    open.push(node);
    for (const next of graph.get(node) ?? []) {
      if (closed.has(next)) continue;
      earliest = Math.min(earliest, order.get(next) ?? visit(next));
    }
    if (earliest === own) {
      const group = open.splice(open.indexOf(node));
      for (const member of group) closed.add(member);
      found.push(group);
    }
    return earliest;
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}

/**
 * Breadth first, within the group.
 *
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @param {string} start
 * @param {ReadonlySet<string>} group
 */
function shortestCycle(graph, start, group) {
  const paths = [[start]];
  const seen = new Set();
  for (const path of paths) {
    for (const next of graph.get(path[path.length - 1]) ?? []) {
      if (next === start) return path;
      if (!group.has(next) || seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return undefined;
}
