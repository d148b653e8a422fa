import type { Variable } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Value } from '../../graph/graph.js';
import type { CallOfKernels, Instruction, Operand } from '../../graph/instruction.js';
import type { KernelFunctions } from '../../kernels/kernel-functions.js';
import { sizeOf } from '../../kernels/tensor-type.js';
import { checkIndices } from '../../kernels/wasm-memory.js';
import type { Plan } from '../plan/plan.js';
import { callTfjs } from './call-tfjs.js';

/** What a plan needs to become a list of functions. */
export interface Linkage {
  readonly plan: Plan;
  readonly wasm: BackendWasm;
  readonly functions: KernelFunctions;
  /** The arena's address. */
  readonly base: number;
  /** The address of a variable's values. */
  readonly addressOf: (variable: Variable) => number;
}

/** The instructions as functions, with every address a number. */
export function link(linkage: Linkage): (() => void)[] {
  return linkage.plan.instructions.flatMap((instruction) => linkOne(instruction, linkage));
}

/** The address of a value. */
export function addressIn({ plan, base, addressOf }: Linkage, value: Value): number {
  const place = plan.placeOf(value);
  return typeof place === 'number' ? base + place : addressOf(place);
}

function linkOne(instruction: Instruction, linkage: Linkage): (() => void)[] {
  const { call } = instruction;
  if (call.kind === 'kernels') return linkKernels(instruction, call, linkage);
  return [callTfjs(linkage.wasm, call.node, (value) => addressIn(linkage, value))];
}

function linkKernels(
  instruction: Instruction,
  call: CallOfKernels,
  linkage: Linkage,
): (() => void)[] {
  const scratch = linkage.base + linkage.plan.scratchOf(instruction);
  const calls = linkage.plan.stepsOf(call).map(({ kernel, args }) =>
    bindCall(
      linkage.functions[kernel],
      args.map((arg) => numberOf(arg, scratch, linkage)),
    ),
  );
  if (call.indices === undefined) return calls;
  const { value, limit, where } = call.indices;
  const address = addressIn(linkage, value);
  return [checkIndices(linkage.wasm, { address, count: sizeOf(value), limit, where }), ...calls];
}

type KernelFunction = (...args: number[]) => void;

function numberOf(operand: Operand, scratch: number, linkage: Linkage): number {
  if (typeof operand === 'number') return operand;
  if ('scratch' in operand) return scratch + operand.scratch;
  if ('of' in operand) return addressIn(linkage, operand.of) + operand.skip;
  return addressIn(linkage, operand);
}

/**
 * A function without arguments. Spread arguments cost ten times the call itself, so each number of arguments that occurs
 * has a function; WebAssembly ignores an argument too many.
 */
function bindCall(kernel: KernelFunction, args: readonly number[]): () => void {
  const [a, b, c, d, e, f, g = 0, h = 0, i = 0, j = 0, k = 0, l = 0, m = 0, n = 0, o = 0, p = 0] =
    args;
  if (args.length === 3) return () => kernel(a, b, c);
  if (args.length === 4) return () => kernel(a, b, c, d);
  if (args.length === 5) return () => kernel(a, b, c, d, e);
  if (args.length === 6) return () => kernel(a, b, c, d, e, f);
  if (args.length <= 8) return () => kernel(a, b, c, d, e, f, g, h);
  if (args.length <= 11) return () => kernel(a, b, c, d, e, f, g, h, i, j, k);
  if (args.length <= 16) return () => kernel(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  return () => kernel(...args); // bounded: as many as a kernel has
}
