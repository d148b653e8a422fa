import type { Graph } from '../../graph/graph.js';
import { fuseScales, fuseSquares } from './clipping.js';
import { expandEinsum } from './einsum.js';
import { fuseProducts } from './fuse-products.js';
import { fuseReluGradient, fuseUpdates } from './fuse.js';
import { fuseResiduals } from './residuals.js';
import { dropCopies, foldConstants, mergeEqual, removeDead, type Evaluate } from './simplify.js';
import { foldTransposes, splitPermutations } from './transposes.js';

/** The graph after a pass. */
export interface PassResult {
  readonly name: string;
  readonly graph: Graph;
}

type Pass = readonly [name: string, run: (graph: Graph, evaluate: Evaluate) => Graph];

/** The passes in their order. Each maps a graph to one that computes the same with less work. */
const PASSES: readonly Pass[] = [
  ['expand-einsum', expandEinsum],
  ['drop-copies', dropCopies],
  ['fold-constants', foldConstants],
  ['drop-copies', dropCopies], // products with constants that turned out to be 1
  ['merge-equal', mergeEqual],
  ['fold-transposes', foldTransposes],
  ['split-permutations', splitPermutations],
  ['fuse-relu-gradient', fuseReluGradient],
  ['fuse-residuals', fuseResiduals],
  ['fuse-products', fuseProducts],
  ['fuse-updates', fuseUpdates],
  ['fuse-squares', fuseSquares],
  ['fuse-scales', fuseScales],
];

/** The graph after each pass, dead nodes left out; the last is the one to plan. */
export function optimize(graph: Graph, evaluate: Evaluate): PassResult[] {
  let current = removeDead(graph);
  const results: PassResult[] = [{ name: 'recorded', graph: current }];
  for (const [name, run] of PASSES) {
    current = removeDead(run(current, evaluate));
    results.push({ name, graph: current });
  }
  return results;
}
