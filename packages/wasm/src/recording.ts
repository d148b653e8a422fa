// What a compiler for another target needs: recorded steps as graphs, and their passes. The entry `@llm101/wasm/recording`.
import type { Graph } from './graph/graph.js';
import { optimize } from './compile/passes/optimize.js';
import { evaluate } from './compile/program/call-tfjs.js';
import { wasmBackend } from './kernels/wasm-memory.js';

export { checkRecorded, type RecordingOptions } from './compile/check-recorded.js';
export { gapFor, insert, newBlock, place, type Block } from './compile/plan/arena.js';
export { readOnce } from './compile/read-once.js';
export { RecordedStep } from './compile/recorded-step.js';
export type {
  PreparedCall,
  RecordedStepOptions,
  RehearsalTime,
  StepProgram,
} from './compile/recorded-step.js';
export { rewrite, type Rewrite, type RewriteContext, type Rule } from './compile/passes/rewrite.js';
export { removeDead } from './compile/passes/simplify.js';
export { checkAlive } from './compile/program/check-alive.js';
export { typeOf, type Feed } from './compile/program/feed.js';
export type { OutputValues, StepOutput } from './compile/record/trace.js';
export {
  ADD_LAYER_NORM,
  ADD_RMS_NORM,
  DESCENT,
  firstFreeId,
  inputNamed,
  PRODUCT,
  RELU_GRADIENT,
  RESIDUAL,
  rootFinder,
  SCALE,
  SQUARES_SUM,
  VIEW,
  viewNode,
} from './graph/graph.js';
export type { Assignment, Graph, GraphNode, Source, Value } from './graph/graph.js';
export { printAttrs, printGraph, printType } from './graph/print-graph.js';
export { sameShape, sizeOf, stridesOf } from './kernels/tensor-type.js';
export type { NumericArray, NumericType, TensorType } from './kernels/tensor-type.js';
export { ownMemory, viewAt } from './kernels/wasm-memory.js';
export { isMovedFrom, markWritten, writesTo } from './kernels/written-in-place.js';
export { wasmBackend } from './kernels/wasm-memory.js';

/** A recorded graph after the passes that each target profits from. */
export function optimizedGraph(graph: Graph): Graph {
  const wasm = wasmBackend();
  const passes = optimize(graph, (node) => evaluate(wasm, node));
  return passes[passes.length - 1].graph;
}
