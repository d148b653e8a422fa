import { endsOf, type Graph, type GraphNode, type Value } from '../../graph/graph.js';
import { printAttrs, printType } from '../../graph/print-graph.js';
import { sameShape, type TensorType } from '../../kernels/tensor-type.js';
import type { Recording } from './trace.js';

/** Why the second of two recordings of a step can't be replayed, or nothing. */
export function firstProblem(before: Recording, after: Recording): string | undefined {
  if (after.created.length > 0) {
    return (
      `compile: a step must not make variables at each call; got ${after.created.join(', ')}; ` +
      'make them before, or at the first call only'
    );
  }
  const difference = firstDifference(before.graph, after.graph);
  if (difference !== undefined) return difference;
  if (before.structure !== after.structure) {
    return operations(`the step returned ${before.structure}, then ${after.structure}`);
  }
  if (after.kept !== 0) {
    return (
      `compile: a step must leave as many tensors alive as it finds, except what it returns; got ${after.kept} more; ` +
      'return them, or hold them in variables that it assigns to'
    );
  }
  return undefined;
}

/**
 * The first difference between two recordings of one step and what to do about it, or nothing. Values are numbered in order of appearance, so equal
 * recordings have equal numbers.
 */
function firstDifference(before: Graph, after: Graph): string | undefined {
  const count = Math.max(before.nodes.length, after.nodes.length);
  for (let i = 0; i < count; i++) {
    const difference = compareNodes(before.nodes.at(i), after.nodes.at(i), i);
    if (difference !== undefined) return difference;
  }
  return compareEnds(before, after);
}

/** What differs between the nodes of an index in two recordings, and what to do about it, or nothing. */
export function compareNodes(
  before: GraphNode | undefined,
  after: GraphNode | undefined,
  index: number,
): string | undefined {
  if (before === undefined || after === undefined || !haveSameTypes(before, after)) {
    return otherOperation(index, before, after);
  }
  if (!haveSameAttrs(before, after)) {
    return numbers(
      `an attribute of ${after.kernel} changes from call to call (${printAttrs(before.attrs)}, then ${printAttrs(after.attrs)})`,
    );
  }
  for (const [i, value] of after.inputs.entries()) {
    const difference = compareValues(before.inputs[i], value, after.kernel);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** What to do about a call of another kernel, or of other shapes or types, than was recorded. */
export function otherOperation(
  index: number,
  before: Operation | undefined,
  after: Operation | undefined,
): string {
  return operations(`operation ${index + 1} was ${describe(before)}, then ${describe(after)}`);
}

type Operation = Pick<GraphNode, 'kernel'> & { readonly inputs: readonly TensorType[] };

const describe = (node: Operation | undefined): string =>
  node === undefined ? 'none' : `${node.kernel} of ${node.inputs.map(printType).join(', ')}`;

function haveSameTypes(a: GraphNode, b: GraphNode): boolean {
  return (
    a.kernel === b.kernel &&
    a.names?.join() === b.names?.join() &&
    allSame(a.inputs, b.inputs) &&
    allSame(a.outputs, b.outputs)
  );
}

function allSame(a: readonly TensorType[], b: readonly TensorType[]): boolean {
  return (
    a.length === b.length &&
    a.every((type, i) => type.dtype === b[i].dtype && sameShape(type, b[i]))
  );
}

const signed = (x: number): string => (Object.is(x, -0) ? '-0' : String(x));

function haveSameAttrs({ attrs: a }: GraphNode, { attrs: b }: GraphNode): boolean {
  for (const name in a) if (!Object.is(a[name], b[name])) return printAttrs(a) === printAttrs(b);
  for (const name in b) if (!(name in a)) return printAttrs(a) === printAttrs(b);
  return true;
}

const names = ({ assignments }: Graph): string =>
  assignments.map(({ variable }) => variable.name).join(', ');

function compareEnds(before: Graph, after: Graph): string | undefined {
  if (names(before) !== names(after)) {
    return operations(
      `the step assigned to ${names(before) || 'no variable'}, then to ${names(after) || 'none'}`,
    );
  }
  const [old, now] = [endsOf(before), endsOf(after)];
  if (old.map(printType).join() !== now.map(printType).join()) {
    return operations('the step returned tensors of other shapes than at the call before');
  }
  for (const [i, value] of now.entries()) {
    const difference = compareValues(old[i], value, 'what the step returns or assigns');
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function compareValues(before: Value, after: Value, where: string): string | undefined {
  const [a, b] = [before.source, after.source];
  if (a.kind === 'constant' && b.kind === 'constant') {
    const at = firstUnequal(a.values, b.values);
    if (at === undefined) return undefined;
    return numbers(
      `a tensor made within the step changes from call to call (${printType(after)} in ${where}: ${signed(a.values[at])}, then ${signed(b.values[at])})`,
    );
  }
  if (a.kind === 'captured' && b.kind === 'captured' && a.dataId !== b.dataId) {
    return numbers(
      `a tensor from outside the step is another one at each call (${printType(after)} in ${where})`,
    );
  }
  if (a.kind === 'variable' && b.kind === 'variable' && a.variable !== b.variable) {
    return numbers(
      `the step uses another variable at each call (${a.variable.name}, then ${b.variable.name}, in ${where})`,
    );
  }
  if (a.kind !== b.kind || before.id !== after.id) {
    return operations(`${where} has its input from elsewhere than at the call before`);
  }
  return undefined;
}

function firstUnequal(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  for (let i = 0; i < b.length; i++) if (!Object.is(a[i], b[i])) return i;
  return undefined;
}

const numbers = (found: string): string =>
  `compile: ${found}; it would be frozen: pass it to the step as an argument, or hold it in a tf.variable that is ` +
  'assigned to between calls';

const operations = (found: string): string =>
  `compile: a step must run the same operations at each call; ${found}; a branch on data or on a counter can't be ` +
  'recorded: use tf.where';
