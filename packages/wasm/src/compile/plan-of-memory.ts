import type { Variable } from '@tensorflow/tfjs-core';
import type { Graph, Value } from './graph.js';
import type { CallOfKernels, Instruction, KernelStep } from './instruction.js';

/** Where a value lies: so many bytes into the arena, or where a variable lies. */
export type Place = number | Variable;

/** A compiled step on paper: what is called, and where everything lies. Its text is that of `printPlan`. */
export interface Plan {
  readonly graph: Graph;
  readonly instructions: readonly Instruction[];
  /** How many bytes of memory the step needs besides its variables. */
  readonly arenaBytes: number;
  /** Constants that the instructions read. They are written once. */
  readonly constants: readonly Value[];
  readonly placeOf: (value: Value) => Place;
  /** Where the memory for an instruction's own use begins. */
  readonly scratchOf: (instruction: Instruction) => number;
  /** The calls of an instruction, but for a copy of what lies in its place already. */
  readonly stepsOf: (call: CallOfKernels) => readonly KernelStep[];
  toString(): string;
}
