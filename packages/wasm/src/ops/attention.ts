import type { GraphNode } from '../graph/graph.js';
import { inputsOf, type Instruction, kernelInstruction } from '../graph/instruction.js';

/** Attention of each position to a range that ends with it. */
export function causalAttention(node: GraphNode): Instruction {
  const given = inputsOf(node, ['qkv', 'starts']);
  const sizes = sizesOf(node);
  const args = [...given, ...node.outputs, ...sizes, { scratch: 0 }];
  const steps = [{ kernel: 'causalAttention', args }] as const;
  return kernelInstruction(node, steps, { scratchBytes: sizes[1] * 4 });
}

/** Its gradient. */
export function causalAttentionGradient(node: GraphNode): Instruction {
  const given = inputsOf(node, ['qkv', 'starts', 'sums', 'dy']);
  const sizes = sizesOf(node);
  const args = [...given, ...node.outputs, ...sizes, { scratch: 0 }];
  const steps = [{ kernel: 'causalAttentionGradient', args }] as const;
  return kernelInstruction(node, steps, { scratchBytes: 2 * sizes[1] * 4 });
}

/** B, T, heads, channels of a head. */
function sizesOf(node: GraphNode): [number, number, number, number] {
  const [{ shape }] = inputsOf(node, ['qkv']);
  const [B, T, width] = shape;
  const heads = Number(node.attrs['heads']);
  return [B, T, heads, width / 3 / heads];
}
