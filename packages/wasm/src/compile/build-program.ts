import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { evaluate } from './evaluate.js';
import type { Graph } from './graph.js';
import { kernelModule } from '../kernels/kernel-module.js';
import { optimize } from './optimize.js';
import { plan } from './plan.js';
import { Program } from './program.js';

/** The way from a recording to a program that runs. */
export function buildProgram(graph: Graph, wasm: BackendWasm, allowRelaxed: boolean): Program {
  const passes = optimize(graph, (node) => evaluate(wasm, node));
  const { graph: optimized } = passes[passes.length - 1];
  return new Program(plan(optimized), wasm, kernelModule(wasm, allowRelaxed));
}
