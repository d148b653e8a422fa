import { inputNamed, rewrite, rootFinder, type Graph } from '@llm101/wasm/recording';

/** The name of an input of attention's gradient: what attention gave. */
export const ATTENDED = 'y';

const GRADIENT = /^(Causal|Separate)Attention(Dropout)?Grad$/;

/** Gives gradients of attention what it gave, as their kernels need it, from where it is: else it is computed again. */
export function withAttended(graph: Graph): Graph {
  const rootOf = rootFinder(graph);
  return rewrite(graph, (node, { rootProducerOf, fresh }) => {
    const [sums, dy] = ['sums', 'dy'].map((name) => inputNamed(node, name));
    if (!GRADIENT.test(node.kernel) || sums === undefined || dy === undefined) return undefined;
    const names = node.names ?? [];
    const forward = names.indexOf('sums'); // what comes before, attention reads too
    const own = {
      kernel: node.kernel.replace(/Grad$/, ''),
      names: names.slice(0, forward),
      inputs: node.inputs.slice(0, forward),
      attrs: node.attrs,
    };
    const found = rootProducerOf(sums);
    const isSame =
      found?.kernel === own.kernel &&
      found.inputs.every((value, i) => rootOf(value).id === rootOf(own.inputs[i]).id);
    const given = isSame ? found : { ...own, outputs: [fresh(dy), fresh(sums)] };
    const gradient = {
      ...node,
      names: [...names, ATTENDED],
      inputs: [...node.inputs, given.outputs[0]],
    };
    return { nodes: isSame ? [gradient] : [given, gradient] };
  });
}
