import { sizeOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { given } from '../pointwise/activations.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';

/** The next state of a GRU, and its gates. */
export function gruCell(node: GraphNode, context: KernelContext): Dispatch[] {
  const [input, hidden, state] = ['input', 'hidden', 'state'].map((name) => given(node, name));
  const [next, gates] = node.outputs;
  return byState(node, context, state, (kernel, H) => {
    kernel.use('sigmoid', 'tanh_');
    const [r, z, n] = placesOf(H, 3);
    const sum = (place: string): string =>
      `${kernel.at(input, place)} + ${kernel.at(hidden, place)}`;
    return `let r = sigmoid(${sum(r)});
let z = sigmoid(${sum(z)});
let n = tanh_(${kernel.at(input, n)} + r * ${kernel.at(hidden, n)});
${kernel.store(gates, r, 'r')}
${kernel.store(gates, z, 'z')}
${kernel.store(gates, n, 'n')}
${kernel.store(next, 'i', `(1.0f - z) * n + z * ${kernel.at(state, 'i')}`)}`;
  });
}

/** The gradients of a GRU for what its products made of input and state, and for the state. */
export function gruCellGradient(node: GraphNode, context: KernelContext): Dispatch[] {
  const [gates, hidden, state, dy] = ['gates', 'hidden', 'state', 'dy'].map((name) =>
    given(node, name),
  );
  const [dInput, dHidden, dState] = node.outputs;
  return byState(node, context, state, (kernel, H) => {
    const [r, z, n] = placesOf(H, 3);
    return `let r = ${kernel.at(gates, r)};
let z = ${kernel.at(gates, z)};
let n = ${kernel.at(gates, n)};
let dy = ${kernel.at(dy, 'i')};
let dn = dy * (1.0f - z) * (1.0f - n * n);
let dz = dy * (${kernel.at(state, 'i')} - n) * z * (1.0f - z);
let dr = dn * ${kernel.at(hidden, n)} * r * (1.0f - r);
${kernel.store(dInput, n, 'dn')}
${kernel.store(dHidden, n, 'dn * r')}
${kernel.store(dInput, z, 'dz')}
${kernel.store(dHidden, z, 'dz')}
${kernel.store(dInput, r, 'dr')}
${kernel.store(dHidden, r, 'dr')}
${kernel.store(dState, 'i', 'dy * z')}`;
  });
}

/** The next hidden state and cell of an LSTM, and its gates. */
export function lstmCell(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x, cell] = ['x', 'cell'].map((name) => given(node, name));
  const [hidden, next, gates] = node.outputs;
  return byState(node, context, cell, (kernel, H) => {
    kernel.use('sigmoid', 'tanh_');
    const places = placesOf(H, 4);
    const [i, f, g, o] = places;
    return `let input = sigmoid(${kernel.at(x, i)});
let forget = sigmoid(${kernel.at(x, f)});
let value = tanh_(${kernel.at(x, g)});
let output = sigmoid(${kernel.at(x, o)});
let next = forget * ${kernel.at(cell, 'i')} + input * value;
${['input', 'forget', 'value', 'output'].map((gate, k) => kernel.store(gates, places[k], gate)).join('\n')}
${kernel.store(next, 'i', 'next')}
${kernel.store(hidden, 'i', 'output * tanh_(next)')}`;
  });
}

/** The gradients of an LSTM for the sum of its products, and for the cell. */
export function lstmCellGradient(node: GraphNode, context: KernelContext): Dispatch[] {
  const [gates, cell, next, dHidden, dNext] = ['gates', 'cell', 'next', 'dHidden', 'dNext'].map(
    (name) => given(node, name),
  );
  const [dx, dCell] = node.outputs;
  return byState(node, context, cell, (kernel, H) => {
    kernel.use('tanh_');
    const places = placesOf(H, 4);
    const names = ['input', 'forget', 'value', 'output'];
    return `${names.map((name, k) => `let ${name} = ${kernel.at(gates, places[k])};`).join('\n')}
let t = tanh_(${kernel.at(next, 'i')});
let dh = ${kernel.at(dHidden, 'i')};
let d = ${kernel.at(dNext, 'i')} + dh * output * (1.0f - t * t);
${kernel.store(dx, places[0], 'd * value * input * (1.0f - input)')}
${kernel.store(dx, places[1], `d * ${kernel.at(cell, 'i')} * forget * (1.0f - forget)`)}
${kernel.store(dx, places[2], 'd * input * (1.0f - value * value)')}
${kernel.store(dx, places[3], 'dh * t * output * (1.0f - output)')}
${kernel.store(dCell, 'i', 'd * forget')}`;
  });
}

/** Where a state's number has each of its gates. */
const placesOf = (H: number, gates: number): string[] =>
  Array.from({ length: gates }, (_, k) => `first + ${k * H}u`);

/** A kernel with an invocation for each number i of a state `[B, H]`, whose gates begin at `first`. */
function byState(
  node: GraphNode,
  context: KernelContext,
  state: Value,
  bodyOf: (kernel: Kernel, H: number) => string,
): Dispatch[] {
  const count = sizeOf(state);
  if (count === 0) return [];
  const H = state.shape[1];
  const gates = node.kernel.startsWith('LSTM') ? 4 : 3;
  const kernel = new Kernel(context, node.kernel);
  const statements = `let first = (i / ${H}u) * ${gates * H}u + i % ${H}u;
${bodyOf(kernel, H)}`;
  return [kernel.each(count, statements)];
}
